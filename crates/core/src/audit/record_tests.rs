use serde_json::json;

use super::*;
use crate::audit::Erased;

const TENANT: Uuid = Uuid::from_u128(10);

fn record() -> Record {
    let event: Event = serde_json::from_value(json!({
        "event_id": Uuid::from_u128(1), "tenant_id": TENANT,
        "occurred_at": "2026-11-21T12:00:00.000001Z", "recorded_at": "2026-11-21T12:00:00.000002Z",
        "actor_type": "user", "actor_label": "Ada", "action": "product.created", "outcome": "success",
        "salt": Uuid::from_u128(2),
    }))
    .unwrap();
    let leaf_hash = event.leaf().unwrap().hash();
    let event_id = event.event_id;
    Record { leaf_index: 0, leaf_hash, event_id, event: Some(event), sealed: None }
}

/// The actor part gone, its commitment in its place.
fn without_actor(erasures: Vec<Uuid>) -> Record {
    let mut record = record();
    let event = record.event.as_mut().unwrap();
    event.erased = Some(Erased {
        actor: Some(event.commitment(Part::Actor).unwrap()),
        content: None,
        actor_key: None,
        content_key: event.key(Part::Content),
        erasures,
    });
    (event.actor_label, event.salt) = (None, None);
    record
}

fn closed() -> Sealed {
    let text = Ciphertext { keys: vec![Uuid::from_u128(3)], text: "x".to_owned() };
    Sealed { actor: Some(text), ..Sealed::default() }
}

#[test]
fn a_part_that_is_missing_is_closed_or_names_its_erasure() {
    let sound = |record: &Record| record.sound(TENANT, None);
    let unaccounted = |record: &Record| {
        let (index, event_id) = (record.leaf_index, record.event_id);
        assert_eq!(sound(record), Err(Fault::Unaccounted { index, event_id }));
    };
    assert_eq!(sound(&record()), Ok(record().leaf_hash));
    assert_eq!(sound(&without_actor(vec![Uuid::nil()])), Ok(record().leaf_hash));
    unaccounted(&without_actor(Vec::new()));
    let sealed = Record { sealed: Some(closed()), ..without_actor(Vec::new()) };
    assert_eq!(sound(&sealed), Ok(record().leaf_hash));
    // Another part than the one that is missing.
    let other = Sealed { content: closed().actor, ..Sealed::default() };
    unaccounted(&Record { sealed: Some(other), ..without_actor(Vec::new()) });
    // Closed, and there; and a salt by which what is closed could be tried out.
    unaccounted(&Record { sealed: Some(closed()), ..record() });
    let mut salted = sealed;
    salted.event.as_mut().unwrap().salt = Some(Uuid::from_u128(2));
    unaccounted(&salted);
}
