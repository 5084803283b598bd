//! What the log proves of itself, and what a lying server cannot.

use serde_json::{Value, json};
use testkit::{Client, TestApp};
use wealth_core::audit::{Checkpoint, Hash, leaf_hash, verify_consistency, verify_inclusion};

use super::{head, key, product};

fn hash(value: &Value) -> Hash {
    value.as_str().expect("a hash").parse().expect("a hash")
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().expect("hashes").iter().map(hash).collect()
}

async fn ids(client: &Client) -> Vec<String> {
    let answer = client.get("/v1/audit/events?limit=200&to=2100-01-01T00:00:00Z").await.expect(200);
    let items = answer.body["items"].as_array().expect("items").clone();
    items.iter().map(|event| event["event_id"].as_str().expect("an id").to_owned()).collect()
}

/// Checks a proof with nothing but the key.
fn verified(proof: &Value, key: &wealth_core::audit::VerifierKey) -> Checkpoint {
    let note = proof["checkpoint"]["note"].as_str().expect("a note");
    let signed = Checkpoint::open(note, std::slice::from_ref(key)).expect("a signed head");
    let leaf = leaf_hash(proof["leaf"].as_str().expect("a leaf").as_bytes());
    assert_eq!(leaf, hash(&proof["leaf_hash"]));
    let index = proof["leaf_index"].as_u64().expect("an index");
    let path = hashes(&proof["proof"]);
    assert_eq!(verify_inclusion(&leaf, index, signed.size, &path, &signed.root), Ok(()));
    signed
}

#[tokio::test]
async fn every_event_is_proven_to_whoever_sees_it() {
    let app = TestApp::new().await;
    for number in 1..4 {
        product(&app, number).await;
    }
    app.seal().await;
    let key = key(&head(&app).await);
    let mut places = Vec::new();
    for id in ids(&app.admin()).await {
        let path = format!("/v1/audit/events/{id}/inclusion-proof");
        let proof = app.admin().get(&path).await.expect(200).body;
        verified(&proof, &key);
        let leaf: Value =
            serde_json::from_str(proof["leaf"].as_str().expect("text")).expect("JSON");
        assert_eq!(leaf["event_id"], id);
        assert!(!proof["leaf"].as_str().expect("text").contains("Granite"));
        places.push(proof["leaf_index"].as_u64().expect("an index"));
        assert_eq!(app.sales_rep().get(&path).await.expect(404).code(), "not_found");
        assert_eq!(app.other_admin().get(&path).await.expect(404).code(), "not_found");
    }
    assert!(places.len() >= 6);
    places.sort_unstable();
    places.dedup();
    assert!(places.len() >= 6, "{places:?}");
}

#[tokio::test]
async fn an_older_head_proves_what_was_under_it() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    app.seal().await;
    let first = head(&app).await;
    let known = ids(&app.admin()).await.remove(0);
    product(&app, 2).await;
    let fresh = ids(&app.admin()).await.remove(0);
    let path = |id: &str| format!("/v1/audit/events/{id}/inclusion-proof");
    let early = app.admin().get(&path(&fresh)).await.expect(409);
    assert_eq!(early.code(), "audit_event_not_sealed");
    app.seal().await;
    let size = first["size"].as_u64().expect("a size");
    let older = app.admin().get(&format!("{}?size={size}", path(&known))).await.expect(200).body;
    assert_eq!(verified(&older, &key(&first)).size, size);
    for (id, query) in [(&fresh, format!("?size={size}")), (&known, "?size=4000000".to_owned())] {
        let answer = app.admin().get(&format!("{}{query}", path(id))).await.expect(409);
        assert_eq!(answer.code(), "audit_event_not_sealed");
    }
    app.admin().get(&format!("{}?size=0", path(&known))).await.expect(409);
}

#[tokio::test]
async fn the_log_proves_that_it_only_grew() {
    let app = TestApp::new().await;
    let mut heads = Vec::new();
    for number in 1..5 {
        product(&app, number).await;
        app.seal().await;
        heads.push(head(&app).await);
    }
    let size = |head: &Value| head["size"].as_u64().expect("a size");
    let last = heads.last().expect("a head");
    for first in &heads {
        let path =
            format!("/v1/audit/consistency-proof?first={}&second={}", size(first), size(last));
        let answer = app.sales_rep().get(&path).await.expect(200).body;
        let proof = hashes(&answer["proof"]);
        let (old, new) = (hash(&first["root"]), hash(&last["root"]));
        assert_eq!(verify_consistency(size(first), size(last), &old, &new, &proof), Ok(()));
        assert_eq!((hash(&answer["first_root"]), hash(&answer["second_root"])), (old, new));
    }
    for (query, pointers) in [
        (format!("first=0&second={}", size(last)), json!(["/first"])),
        (format!("first={}&second=1", size(last)), json!(["/first"])),
        (format!("first=1&second={}", size(last) + 1), json!(["/second"])),
    ] {
        let answer =
            app.admin().get(&format!("/v1/audit/consistency-proof?{query}")).await.expect(422);
        let found: Vec<_> = answer.body["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|e| e["pointer"].clone())
            .collect();
        assert_eq!(json!(found), pointers, "{query}");
    }
    app.admin().get("/v1/audit/consistency-proof").await.expect(400);
    let none = app
        .other_admin()
        .get("/v1/audit/consistency-proof?first=1&second=400000")
        .await
        .expect(422);
    assert_eq!(none.body["errors"][0]["pointer"], "/second");
}

/// A log of a few thousand leaves has tiles of two levels.
#[tokio::test]
async fn a_long_log_is_proven_from_its_tiles() {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_id, actor_type, action, new_values)
         select '{}', '00000000-0000-7000-9000-000000000a01', 'user', 'row.loaded', jsonb_build_object('n', n)
           from generate_series(1, 1500) n",
        super::firm()
    ))
    .await;
    app.seal().await;
    let key = key(&head(&app).await);
    for id in ids(&app.admin()).await.iter().step_by(17) {
        let path = format!("/v1/audit/events/{id}/inclusion-proof");
        let signed = verified(&app.admin().get(&path).await.expect(200).body, &key);
        assert!(signed.size > 1500);
    }
}
