//! Whoever replaces a file of the archive is found by somebody with one trusted head, the log's key
//! and nothing else, and is told the first bad event (threat 27 of rules.md).

use std::path::Path;

use audit::months::manifest::sha256;
use wealth_core::audit::{Checkpoint, Ciphertext, Erased, Part, Sealed};

use super::scene::Scene;
use super::{MONTH, archive, write};
use crate::audit::export::export;
use crate::audit::{firm, head, product};

#[tokio::test]
async fn an_archive_that_is_whole_is_found_whole() {
    let scene = Scene::new().await;
    let (fine, said) = scene.verify(&[]).await;
    assert!(fine && said.contains("12 archived events of 1 months are what was sealed"), "{said}");
    // The log goes on, and the head that was kept stays good.
    product(&scene.app, 1).await;
    scene.app.seal().await;
    let (fine, said) = scene.verify(&[]).await;
    assert!(fine, "{said}");
}

/// The log of the database and its export have leaves without events now: the archive has them.
#[tokio::test]
async fn what_has_left_the_database_is_proven_with_the_archive() {
    let scene = Scene::new().await;
    product(&scene.app, 1).await;
    scene.app.seal().await;
    let file = scene.folder.join("export.ndjson");
    std::fs::write(&file, export(&scene.app, 7).await).expect("a file");
    let export = ["--export", file.to_str().expect("text")];
    let live = ["--as", "system-admin@a.test"];
    for way in [&export, &live] {
        let (fine, said) = scene.verify(way).await;
        assert!(fine && said.contains("events are what they were"), "{said}");
    }
    let (leaf, event) = scene.named(1, 2);
    scene.replace(1, true, |records| {
        records[2].event.as_mut().expect("an event").actor_label = Some("Nobody".to_owned());
    });
    for way in [&export, &live] {
        let (fine, said) = scene.verify(way).await;
        let wanted = format!("leaf {leaf}: event {event} is not what was sealed");
        assert!(!fine && said.contains(&wanted), "{said}");
        let unsigned = format!("the manifest of {MONTH} is not the one that was signed");
        assert!(said.contains(&unsigned), "{said}");
    }
}

/// A file that stands in for the signed one may close what it likes.
#[tokio::test]
async fn what_a_file_that_nobody_signed_closes_is_not_believed() {
    for fitting in [false, true] {
        let scene = Scene::new().await;
        scene.replace(1, fitting, |records| {
            let event = records[2].event.as_mut().expect("an event");
            event.erased = Some(Erased {
                actor: None,
                content: Some(event.commitment(Part::Content).expect("a commitment")),
                actor_key: event.key(Part::Actor),
                content_key: None,
                erasures: Vec::new(),
            });
            (event.salt, event.old_values, event.new_values) = (None, None, None);
            let text = Ciphertext { keys: vec![uuid::Uuid::from_u128(7)], text: "x".to_owned() };
            records[2].sealed = Some(Sealed { content: Some(text), ..Sealed::default() });
        });
        let (fine, said) = scene.verify(&["--as", "system-admin@a.test"]).await;
        let wanted = if fitting {
            "is not the one that was signed"
        } else {
            "has other bytes than the manifest says"
        };
        assert!(!fine && said.contains(wanted), "{said}");
    }
}

/// Two heads of one key that contradict each other lie in the archive: the log went on without the
/// branch that a month was archived from.
#[tokio::test]
async fn a_manifest_of_another_branch_is_found() {
    let scene = Scene::new().await;
    let mut manifest = scene.manifest();
    let origin = manifest.checkpoint.lines().next().expect("a name").to_owned();
    let head = Checkpoint { origin, size: manifest.tree_size, root: sha256(b"another branch") };
    (manifest.root, manifest.checkpoint) = (head.root, scene.signed(&head.text()).await);
    let text = manifest.text();
    let statement = format!("wealth audit manifest\n{MONTH}\n{}\n", sha256(text.as_bytes()));
    std::fs::write(scene.month().join("manifest.json"), text).expect("a manifest");
    std::fs::write(scene.month().join("manifest.note"), scene.signed(&statement).await)
        .expect("a note");
    scene.found("does not go on from the signed one").await;
    let (fine, said) = scene.verify(&["--as", "system-admin@a.test"]).await;
    assert!(!fine && said.contains("the log was forked"), "{said}");
}

#[tokio::test]
async fn an_edited_event_is_found() {
    for fitting in [false, true] {
        let scene = Scene::new().await;
        let (leaf, event) = scene.named(1, 2);
        scene.replace(1, fitting, |records| {
            records[2].event.as_mut().expect("an event").actor_label = Some("Nobody".to_owned());
        });
        scene.found(&format!("leaf {leaf}: event {event} is not what was sealed")).await;
    }
}

/// Event and hash made to agree with each other.
#[tokio::test]
async fn an_event_that_was_hashed_anew_is_found() {
    let scene = Scene::new().await;
    let (leaf, event) = scene.named(0, 4);
    scene.replace(0, true, |records| {
        let changed = records[4].event.as_mut().expect("an event");
        changed.action = "product.deleted".to_owned();
        let hash = changed.leaf().expect("a leaf").hash();
        records[4].leaf_hash = hash;
    });
    scene.found(&format!("leaf {leaf}: event {event} is not what was sealed")).await;
}

#[tokio::test]
async fn a_deleted_event_is_found() {
    let scene = Scene::new().await;
    let (leaf, _) = scene.named(1, 2);
    scene.replace(1, false, |records| drop(records.remove(2)));
    scene.found(&format!("leaf {leaf} is missing: what follows is leaf {}", leaf + 1)).await;
    // With a manifest that never heard of it.
    let scene = Scene::new().await;
    scene.replace(1, true, |records| drop(records.remove(2)));
    scene.found(&format!("the first leaf that is in no file is {leaf}: the manifest of {MONTH} is not the one that was signed")).await;
}

#[tokio::test]
async fn a_cut_tail_is_found() {
    let scene = Scene::new().await;
    let (leaf, _) = scene.named(2, 1);
    scene.replace(2, false, |records| drop(records.split_off(1)));
    scene.found(&format!("leaf {leaf} and what follows")).await;
    let scene = Scene::new().await;
    scene.replace(2, true, |records| drop(records.split_off(1)));
    scene.found(&format!("the first leaf that is in no file is {leaf}: the manifest")).await;
    // A whole file, and the manifest with it.
    let scene = Scene::new().await;
    let (leaf, _) = scene.named(2, 0);
    let mut manifest = scene.manifest();
    let gone = manifest.files.pop().expect("a file");
    std::fs::remove_file(scene.month().join(&gone.name)).expect("a file");
    scene.found("is missing").await;
    scene.describe(manifest);
    scene.found(&format!("the first leaf that is in no file is {leaf}: the manifest")).await;
}

#[tokio::test]
async fn a_new_order_is_found() {
    for fitting in [false, true] {
        let scene = Scene::new().await;
        let (leaf, _) = scene.named(0, 1);
        scene.replace(0, fitting, |records| records.swap(1, 3));
        let wanted = if fitting {
            // The manifest says that order, and the leaves are what they say: it was not signed.
            format!("the manifest of {MONTH} is not the one that was signed")
        } else {
            format!("leaf {leaf} is missing: what follows is leaf {}", leaf + 2)
        };
        scene.found(&wanted).await;
        // The places kept, the events exchanged.
        let scene = Scene::new().await;
        let (_, event) = scene.named(0, 3);
        scene.replace(0, fitting, |records| {
            records.swap(1, 3);
            (records[1].leaf_index, records[3].leaf_index) =
                (records[3].leaf_index, records[1].leaf_index);
        });
        scene.found(&format!("leaf {leaf}: event {event} is not what was sealed")).await;
    }
}

#[tokio::test]
async fn a_manifest_that_says_something_else_is_found() {
    let scene = Scene::new().await;
    let mut manifest = scene.manifest();
    manifest.keep_until = "2027-01-01T00:00:00.000000Z".to_owned();
    std::fs::write(scene.month().join("manifest.json"), manifest.text()).expect("a manifest");
    scene.found(&format!("the manifest of {MONTH} is not the one that was signed")).await;
    // Another month's manifest and note, both good.
    let scene = Scene::new().await;
    for name in ["manifest.json", "manifest.note"] {
        std::fs::write(scene.month().join(name), "{}").expect("a file");
    }
    scene.found(&format!("the manifest of {MONTH} is missing or damaged")).await;
    // Numbers that nobody can add up.
    let scene = Scene::new().await;
    let mut manifest = scene.manifest();
    manifest.files[1].runs.push((u64::MAX, 2));
    std::fs::write(scene.month().join("manifest.json"), manifest.text()).expect("a manifest");
    scene.found(&format!("the manifest of {MONTH} is missing or damaged")).await;
    // Bytes that are no table any more.
    let scene = Scene::new().await;
    let path = scene.month().join(&scene.manifest().files[1].name);
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&path, bytes).expect("a file");
    let (leaf, _) = (scene.manifest().files[1].runs[0].0, ());
    scene.found(&format!("cannot be read from leaf {leaf} on")).await;
}

/// Each manifest names the one before it.
#[tokio::test]
async fn a_month_that_went_missing_between_two_is_found() {
    let scene = Scene::new().await;
    scene.app.clock.set("2026-12-02T00:00:00Z".parse().expect("an instant"));
    scene.app.execute("select audit.ensure_partitions('2025-10-01', 1)").await;
    scene
        .app
        .execute(&format!(
            "insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
             values ('{}', 'system', 'next.month', '2025-10-05Z')",
            firm()
        ))
        .await;
    scene.app.seal().await;
    assert_eq!(archive(&scene.app).await.dropped.len(), 1);
    let (fine, said) = scene.verify(&[]).await;
    assert!(fine && said.contains("13 archived events of 2 months"), "{said}");
    std::fs::remove_dir_all(scene.month()).expect("a folder");
    scene.found(&format!("before 2025-10 comes {MONTH}, which is missing")).await;
}

/// The tree itself, replaced in the archive.
#[tokio::test]
async fn tiles_and_heads_that_were_exchanged_are_found() {
    let scene = Scene::new().await;
    let tiles = scene.folder.join("archive").join(firm()).join("tile/0");
    let mut changed = 0;
    change_all(&tiles, &mut changed);
    assert!(changed > 0);
    scene.found("do not lead to the signed head").await;
    let scene = Scene::new().await;
    let head = scene.folder.join("archive").join(firm()).join("checkpoint");
    let text = std::fs::read_to_string(&head).expect("a head");
    std::fs::write(&head, text.replacen('\n', "\n1", 1)).expect("a head");
    scene.found("the archive's head is missing or carries no good signature").await;
    // An archive that ends before the head that is trusted.
    write(&scene.app, &firm(), 0).await;
    product(&scene.app, 5).await;
    std::fs::write(&head, text).expect("a head");
    let keep = std::fs::read(&head).expect("a head");
    scene.app.seal().await;
    let later = self::head(&scene.app).await;
    std::fs::write(scene.folder.join("trusted"), later["note"].as_str().expect("a note"))
        .expect("a file");
    std::fs::write(&head, keep).expect("a head");
    scene.found("the tail was cut").await;
}

/// Turns a bit in every file of a folder.
fn change_all(folder: &Path, changed: &mut u32) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            change_all(&path, changed);
        } else {
            let mut bytes = std::fs::read(&path).expect("a tile");
            bytes[3] ^= 1;
            std::fs::write(&path, bytes).expect("a tile");
            *changed += 1;
        }
    }
}
