use serde_json::{Value, json};

use super::*;

const TENANT: Uuid = Uuid::from_u128(10);

fn event() -> Value {
    json!({
        "event_id": Uuid::from_u128(1), "tenant_id": TENANT,
        "occurred_at": "2026-11-21T12:00:00.000001Z", "recorded_at": "2026-11-21T12:00:00.000002Z",
        "actor_id": Uuid::from_u128(7), "actor_type": "user", "actor_label": "Ada ☃",
        "action": "users.updated", "resource_type": "users", "resource_id": Uuid::from_u128(8),
        "new_values": {"name": "Granite", "rate": 0}, "ip_address": "203.0.113.7",
        "outcome": "success", "reason": "because", "salt": Uuid::from_u128(2),
    })
}

fn record() -> Record {
    // Numbers of jsonb are exact, and stay so.
    let text = event().to_string().replace(r#""rate":0"#, r#""rate":4.1000"#);
    let event: Event = serde_json::from_str(&text).unwrap();
    let (leaf_hash, event_id) = (event.leaf().unwrap().hash(), event.event_id);
    Record { leaf_index: 5, leaf_hash, event_id, event: Some(event), sealed: None }
}

fn ring(keys: &[u8]) -> Ring {
    keys.iter().map(|key| (Uuid::from_u128(u128::from(*key) + 100), [*key; 32])).collect()
}

fn keys(live: &[u8], destroyed: &[u8]) -> Keys {
    let live = ring(live).into_iter().map(|(id, key)| (id, Key::Live(key)));
    let gone = ring(destroyed).into_iter();
    live.chain(gone.map(|(id, key)| (id, Key::Destroyed(Uuid::from_u128(u128::from(key[0]))))))
        .collect()
}

fn sealed(actor: &[u8], content: &[u8]) -> Record {
    let mut record = record();
    seal(&mut record, &ring(actor), &ring(content)).unwrap();
    record
}

fn text(record: &Record) -> String {
    serde_json::to_string(record).unwrap()
}

fn opened(mut record: Record, keys: &Keys) -> Record {
    open(&mut record, keys).unwrap();
    assert_eq!(record.sound(TENANT, None), Ok(record.leaf_hash), "{}", text(&record));
    record
}

#[test]
fn what_was_closed_opens_as_it_was() {
    for (actor, content) in
        [(&[1][..], &[2][..]), (&[1], &[1]), (&[1], &[]), (&[], &[2]), (&[1], &[2, 3])]
    {
        let closed = sealed(actor, content);
        assert_eq!(closed.sound(TENANT, None), Ok(closed.leaf_hash));
        let said = text(&closed);
        assert_eq!(said.contains("Ada") || said.contains("203.0"), actor.is_empty(), "{said}");
        assert_eq!(said.contains("4.1000") || said.contains("because"), content.is_empty());
        assert!(!said.contains(&Uuid::from_u128(2).to_string()), "the salt: {said}");
        assert_eq!(text(&sealed(actor, content)), said, "a second run writes the same");
        assert_eq!(text(&opened(closed, &keys(&[1, 2, 3], &[]))), text(&record()));
    }
    assert_eq!(text(&sealed(&[], &[])), text(&record()));
}

#[test]
fn a_key_that_was_destroyed_leaves_what_an_erasure_leaves() {
    // (closed with, destroyed, what is still told, the erasures)
    for (content, gone, actor_told, content_told, erasures) in [
        (&[2][..], &[1][..], false, true, vec![1]),
        (&[2], &[2], true, false, vec![2]),
        (&[2], &[1, 2], false, false, vec![1, 2]),
        (&[1], &[1], false, false, vec![1]),
        (&[2, 3], &[3], true, false, vec![3]),
    ] {
        let live: Vec<u8> = [1, 2, 3].into_iter().filter(|key| !gone.contains(key)).collect();
        let left = opened(sealed(&[1], content), &keys(&live, gone));
        let said = text(&left);
        assert_eq!((said.contains("Ada"), said.contains("4.1000")), (actor_told, content_told));
        let event = left.event.as_ref().unwrap();
        let erased = event.erased.as_ref().unwrap();
        let ids: Vec<u128> = erased.erasures.iter().map(Uuid::as_u128).collect();
        assert_eq!((ids, event.salt, &left.sealed), (erasures, None, &None));
        assert_eq!(
            (event.is_erased(Part::Actor), event.is_erased(Part::Content)),
            (!actor_told, !content_told)
        );
    }
}

#[test]
fn what_was_erased_before_stays_erased() {
    let mut before = opened(sealed(&[1], &[]), &keys(&[], &[1]));
    let erased = text(&before);
    seal(&mut before, &ring(&[1]), &ring(&[2])).unwrap();
    assert!(!text(&before).contains("4.1000") && before.sealed.as_ref().unwrap().actor.is_none());
    assert_eq!(text(&opened(before.clone(), &keys(&[2], &[]))), erased);
    let ids = opened(before, &keys(&[], &[2])).event.unwrap().erased.unwrap().erasures;
    assert_eq!(ids, [Uuid::from_u128(1), Uuid::from_u128(2)]);
}

#[test]
fn another_key_event_log_or_part_opens_nothing() {
    let closed = sealed(&[1], &[2]);
    let refused = |record: &Record, keys: &Keys| open(&mut record.clone(), keys).is_err();
    assert!(!refused(&closed, &keys(&[1, 2], &[])));
    let wrong = ring(&[1, 2]).into_keys().map(|id| (id, Key::Live([9; 32]))).collect();
    assert!(refused(&closed, &wrong) && refused(&closed, &keys(&[1], &[])));
    for change in [
        |record: &mut Record| record.event.as_mut().unwrap().event_id = Uuid::from_u128(3),
        |record: &mut Record| record.event.as_mut().unwrap().tenant_id = Uuid::from_u128(3),
        |record: &mut Record| {
            let sealed = record.sealed.as_mut().unwrap();
            sealed.salt = sealed.actor.clone();
        },
        |record: &mut Record| {
            let sealed = record.sealed.as_mut().unwrap();
            std::mem::swap(&mut sealed.actor, &mut sealed.content);
        },
    ] {
        let mut moved = closed.clone();
        change(&mut moved);
        assert!(refused(&moved, &keys(&[1, 2], &[])));
    }
    // With all keys and one more: that of the ring must be just these.
    let mut more = closed;
    more.sealed.as_mut().unwrap().actor.as_mut().unwrap().keys.push(Uuid::from_u128(102));
    assert!(refused(&more, &keys(&[1, 2], &[])));
}

#[test]
fn no_changed_byte_opens() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let closed = sealed(&[1], &[]);
    let bytes = STANDARD.decode(&closed.sealed.as_ref().unwrap().actor.as_ref().unwrap().text);
    let bytes = bytes.unwrap();
    assert_eq!(bytes.len() % 64, 16, "its length says little");
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let mut record = closed.clone();
        let actor = record.sealed.as_mut().unwrap().actor.as_mut().unwrap();
        actor.text = STANDARD.encode(changed);
        assert!(open(&mut record, &keys(&[1], &[])).is_err(), "byte {at}");
    }
}
