//! An export that was changed on its way to whoever verifies it: what it says of itself vouches for
//! nothing.

use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use wealth_core::audit::{Ciphertext, Erased, Part, Record, Sealed};

use super::export::export;
use super::tamper::Scene;

/// The content of an event taken out, its leaf kept; the event's id.
fn blanked(record: &mut Record, erasures: Vec<Uuid>) -> Uuid {
    let event = record.event.as_mut().expect("an event");
    event.erased = Some(Erased {
        actor: None,
        content: Some(event.commitment(Part::Content).expect("a commitment")),
        actor_key: event.key(Part::Actor),
        content_key: None,
        erasures,
    });
    (event.salt, event.reason) = (None, None);
    (event.old_values, event.new_values, event.details) = (None, None, None);
    event.event_id
}

/// What is said of an export whose records were changed.
async fn said(scene: &Scene, change: impl FnOnce(&mut Vec<Record>)) -> (bool, String) {
    let text = export(&scene.app, 5000).await;
    let (heads, records): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with(r#"{"checkpoint""#));
    let records = records.into_iter().map(|line| serde_json::from_str(line).expect("a record"));
    let mut records: Vec<Record> = records.collect();
    change(&mut records);
    let records = records.iter().map(|record| serde_json::to_string(record).expect("a line"));
    let lines: Vec<String> = heads.into_iter().map(str::to_owned).chain(records).collect();
    let file = scene.file("forged.ndjson", &lines.join("\n"));
    scene.verify(&["--export", file.to_str().expect("text")]).await
}

/// Only the archive closes anything.
#[tokio::test]
async fn an_export_closes_nothing() {
    let scene = Scene::new().await;
    let mut event = Uuid::nil();
    let (fine, said) = said(&scene, |records| {
        event = blanked(&mut records[5], Vec::new());
        let text = Ciphertext { keys: vec![Uuid::from_u128(7)], text: "x".to_owned() };
        records[5].sealed = Some(Sealed { content: Some(text), ..Sealed::default() });
    })
    .await;
    let wanted = format!("leaf 5: a part of event {event} is missing");
    assert!(!fine && said.contains(&wanted), "{said}");
}

/// A certificate that no signed head is over is nobody's word.
#[tokio::test]
async fn a_certificate_behind_the_signed_head_vouches_for_nothing() {
    let scene = Scene::new().await;
    let erasure = Uuid::from_u128(8);
    let (fine, said) = said(&scene, |records| {
        let event = blanked(&mut records[5], vec![erasure]);
        let hash = Sha256::digest(event.to_string());
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut forged = records.last().expect("a record").clone();
        let certificate = forged.event.as_mut().expect("an event");
        certificate.event_id = Uuid::from_u128(9);
        certificate.action = "erasure.certified".to_owned();
        certificate.resource_id = Some(erasure.to_string());
        let details = json!({"events_sha256": hash}).to_string();
        certificate.details = serde_json::value::RawValue::from_string(details).ok();
        forged.leaf_hash = certificate.leaf().expect("a leaf").hash();
        forged.event_id = certificate.event_id;
        forged.leaf_index += 1;
        records.push(forged);
    })
    .await;
    let wanted = format!("erasure {erasure} destroyed parts of 1 events");
    assert!(!fine && said.contains(&wanted), "{said}");
}
