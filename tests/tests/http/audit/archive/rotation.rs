//! The key that signs, changed: what was signed before stays good, for whoever has both keys.

use std::sync::Arc;

use audit::SigningKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testkit::TestApp;

use super::scene::Scene;
use super::{archive, old_month_in, steps};
use crate::audit::{firm, head};

/// Signs with a new key from here on, and knows the one before.
async fn rotate(app: &mut TestApp) {
    let former = app.seals.signer.public_keys().await.expect("the keys")[0];
    let key = SigningKey::generate().expect("a key").to_json().expect("its text");
    let mut secret: Value = serde_json::from_str(&key).expect("a secret");
    secret["former_keys"] = json!([STANDARD.encode(former)]);
    app.seals = audit::Services::new(audit::Parts {
        origin: app.seals.origin.clone(),
        signer: Arc::new(SigningKey::from_json(&secret.to_string()).expect("a key")),
        archive: app.seals.archive.clone(),
    });
}

/// An event of the month behind the archived one.
async fn next_month(app: &TestApp) {
    app.clock.set("2026-12-02T00:00:00Z".parse().expect("an instant"));
    app.execute(&format!(
        "select audit.ensure_partitions('2025-10-01', 1);
         insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
         values ('{}', 'system', 'next.month', '2025-10-05Z')",
        firm()
    ))
    .await;
    app.seal().await;
}

#[tokio::test]
async fn months_of_two_keys_are_verified_with_both() {
    let mut scene = Scene::new().await;
    rotate(&mut scene.app).await;
    next_month(&scene.app).await;
    assert_eq!(archive(&scene.app).await.dropped.len(), 1);
    let (old, new) = (scene.keys.clone(), head(&scene.app).await["verifier_key"].clone());
    let new = new.as_str().expect("a key").to_owned();
    assert_ne!(old, new);
    scene.keys = format!("{old},{new}");
    for way in [&[][..], &["--as", "system-admin@a.test"]] {
        let (fine, said) = scene.verify(way).await;
        assert!(fine, "{said}");
    }
    scene.keys = old.clone();
    scene.found("the archive's head is missing or carries no good signature").await;
    scene.keys = new;
    scene.found("the trusted checkpoint: carries no signature of the key").await;
    scene.keys =
        format!("{old},{}", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    scene.found("is the key of another log").await;
}

/// A run that died between the manifest and its row left a note, which the old key has signed.
#[tokio::test]
async fn a_manifest_that_was_signed_before_the_key_changed_stays() {
    let mut app = old_month_in(Arc::new(object_store::memory::InMemory::new()), 6).await;
    let before = app.seals.archive.clone();
    app.execute("create function audit.stop() returns trigger language plpgsql as $$ begin raise 'the end'; end $$;
        create trigger stop before update of manifest_path on audit.archive_logs for each row execute function audit.stop()").await;
    let months = audit::months::Months::new(&app.app, &app.seals);
    while months.step(None).await.is_ok() {}
    app.execute("drop trigger stop on audit.archive_logs; drop function audit.stop()").await;
    let notes = before.objects(&format!("{}/events", super::PLATFORM)).await.expect("the archive");
    assert!(notes.iter().any(|name| name.ends_with("manifest.note")), "{notes:?}");
    rotate(&mut app).await;
    app.execute("select audit.write('00000000-0000-0000-0000-000000000000', 'x.y', null, 'x', 'y', null, null)").await;
    app.seal().await;
    steps(&app, 500).await;
    assert_eq!(super::state(&app).await.as_deref(), Some("dropped"));
}
