use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn event() -> Value {
    json!({
        "event_id": "0199aaaa-0000-4000-8000-000000000001",
        "tenant_id": "00000000-0000-7000-8000-00000000000a",
        "occurred_at": "2026-11-21T12:00:00.000001Z",
        "recorded_at": "2026-11-21T12:00:00.000002Z",
        "actor_id": "00000000-0000-7000-9000-000000000a01",
        "actor_type": "user",
        "actor_label": "Ada",
        "action": "product.created",
        "legacy_action": "CREATE_PRODUCT",
        "resource_type": "products",
        "resource_id": "0199aaaa-0000-7000-8000-000000000001",
        "old_values": null,
        "new_values": {"name": "Granite", "rate": "4.1000"},
        "details": null,
        "ip_address": "203.0.113.7",
        "user_agent": "curl/8",
        "session_id": null,
        "session_ref": null,
        "request_id": null,
        "transaction_name": "product_create",
        "outcome": "success",
        "reason": null,
        "purpose": null,
        "salt": "11111111-1111-4111-8111-111111111111",
    })
}

fn read(value: &Value) -> Event {
    serde_json::from_str(&value.to_string()).unwrap()
}

#[test]
fn a_leaf_is_canonical_and_holds_nothing_personal() {
    let event = read(&event());
    let text = event.leaf().unwrap().text();
    assert_eq!(canonical(&text).unwrap(), text);
    for personal in ["Ada", "203.0.113.7", "curl", "Granite", "11111111-1111"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    assert_eq!(
        text,
        concat!(
            r#"{"action":"product.created","actor":"qzVdZ6bEQTEVKdb/ZtA/ol4X+1nZVGQVzJzFun0MdIY=","#,
            r#""actor_id":"00000000-0000-7000-9000-000000000a01","actor_type":"user","content":"ewe0Ve+/lAJP2xxbTDokx2brolYIuf/7Tb7zbxw6ID4=","#,
            r#""event_id":"0199aaaa-0000-4000-8000-000000000001","legacy_action":"CREATE_PRODUCT","#,
            r#""occurred_at":"2026-11-21T12:00:00.000001Z","outcome":"success","purpose":null,"#,
            r#""recorded_at":"2026-11-21T12:00:00.000002Z","request_id":null,"#,
            r#""resource_id":"0199aaaa-0000-7000-8000-000000000001","resource_type":"products","#,
            r#""session_id":null,"tenant_id":"00000000-0000-7000-8000-00000000000a","#,
            r#""transaction_name":"product_create","version":1}"#
        )
    );
}

/// What another hand wrote with Python's hmac and hashlib for the same event.
#[test]
fn a_leaf_hashes_as_another_program_hashes_it() {
    assert_eq!(
        read(&event()).leaf().unwrap().hash().to_string(),
        "yLVi6p3ZVR5BMMjxnz3dh0fNG0SdxUad4mbdVNI1+KY="
    );
}

#[test]
fn every_member_is_in_the_leaf() {
    let (before, members) = (event(), event());
    let hash = read(&before).leaf().unwrap().hash();
    let id = "22222222-2222-4222-8222-222222222222";
    for name in members.as_object().unwrap().keys() {
        let mut changed = before.clone();
        changed[name] = match name.as_str() {
            "old_values" | "new_values" | "details" => json!({"changed": id}),
            _ => json!(id),
        };
        assert_ne!(read(&changed).leaf().unwrap().hash(), hash, "{name}");
    }
}

#[test]
fn a_value_moved_to_another_member_is_another_leaf() {
    let mut one = event();
    one["reason"] = json!("x");
    let mut other = event();
    other["user_agent"] = json!("x");
    assert_ne!(read(&one).leaf().unwrap().hash(), read(&other).leaf().unwrap().hash());
    // An absent value and one that is null in jsonb say the same; an empty text does not.
    let mut empty = event();
    empty["reason"] = json!("");
    assert_ne!(read(&empty).leaf().unwrap().hash(), read(&event()).leaf().unwrap().hash());
}

#[test]
fn numbers_count_as_they_are_kept() {
    let with = |number: &str| {
        let text = event().to_string().replace(r#""4.1000""#, number);
        serde_json::from_str::<Event>(&text).unwrap().leaf().unwrap().hash()
    };
    assert_eq!(with("4.1000"), with(" 4.1000 "));
    assert_ne!(with("4.1000"), with("4.1"));
    assert_ne!(with("123456789012345678.1"), with("123456789012345678.2"));
}

#[test]
fn an_event_has_no_members_that_nobody_knows() {
    let mut more = event();
    more["note"] = json!("x");
    assert!(serde_json::from_str::<Event>(&more.to_string()).is_err());
    let twice = event().to_string().replacen('{', r#"{"action":"x","#, 1);
    assert!(serde_json::from_str::<Event>(&twice).is_err());
}

/// The event with its parts erased one after the other, as an erasure does it.
fn erase(mut event: Event, parts: &[Part]) -> Event {
    for part in parts {
        let other = if *part == Part::Actor { Part::Content } else { Part::Actor };
        let (gone, stays) = (event.commitment(*part).unwrap(), event.commitment(other).unwrap());
        let (key, kept) = (event.key(other), event.is_erased(other).then_some(stays));
        let mut erased = Erased {
            actor: Some(gone),
            content: kept,
            actor_key: None,
            content_key: key,
            erasures: vec![Uuid::nil()],
        };
        if *part == Part::Content {
            erased = Erased {
                actor: erased.content,
                content: erased.actor,
                actor_key: erased.content_key,
                content_key: None,
                ..erased
            };
            (event.old_values, event.new_values, event.details, event.reason) =
                (None, None, None, None);
        } else {
            (event.actor_label, event.ip_address, event.user_agent, event.session_ref) =
                (None, None, None, None);
        }
        event.salt = None;
        event.erased = Some(erased);
    }
    event
}

/// docs/adr/0015: the leaf, and with it every proof, is what it was.
#[test]
fn an_erasure_leaves_the_leaf_as_it_was() {
    let whole = read(&event());
    let leaf = whole.leaf().unwrap().text();
    for parts in [
        &[Part::Actor][..],
        &[Part::Content],
        &[Part::Actor, Part::Content],
        &[Part::Content, Part::Actor],
    ] {
        let erased = erase(whole.clone(), parts);
        assert_eq!(erased.leaf().unwrap().text(), leaf, "{parts:?}");
        // And nothing of what is gone is in what is left.
        let text = serde_json::to_string(&erased).unwrap();
        assert_eq!(text.contains("203.0.113.7"), !parts.contains(&Part::Actor), "{text}");
        assert_eq!(text.contains("Granite"), !parts.contains(&Part::Content), "{text}");
        assert!(!text.contains("11111111-1111"), "{text}");
        // It stays so on its way through an export.
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap().leaf().unwrap().text(), leaf);
        // What is left cannot be changed, nor something put in the place of what is gone.
        let mut forged = erased.clone();
        forged.outcome = "denied".to_owned();
        assert_ne!(forged.leaf().unwrap().text(), leaf);
        let mut forged = erased.clone();
        (forged.actor_label, forged.reason) = (Some("Eve".to_owned()), Some("Eve".to_owned()));
        assert!(forged.leaf().ok().is_none_or(|forged| forged.text() != leaf));
    }
    let mut nothing = whole;
    nothing.salt = None;
    assert!(nothing.leaf().is_err());
}

proptest! {
    /// Without the salt a guess at the content cannot be tried: the same content under two salts
    /// shares nothing.
    #[test]
    fn a_commitment_hides_what_it_commits_to(a: u128, b: u128) {
        prop_assume!(a != b);
        let mut one = read(&event());
        let mut other = one.clone();
        one.salt = Some(Uuid::from_u128(a));
        other.salt = Some(Uuid::from_u128(b));
        let (one, other) = (one.leaf().unwrap(), other.leaf().unwrap());
        prop_assert_ne!(one.actor, other.actor);
        prop_assert_ne!(one.content, other.content);
        prop_assert_ne!(one.actor, one.content);
    }
}
