//! Every claim is checked, and checked for its type (RFC 8725 §2.7, §3.8, §3.9).

use serde_json::{Value, json};

use super::world::*;
use crate::auth::Refusal;

fn token(claims: &Value) -> String {
    ED.token(&header(&ED, "ed"), claims)
}

#[track_caller]
fn refused(changes: Value, reason: Refusal) {
    let token = token(&claims_with(changes.clone()));
    assert_eq!(World::new().refusal(&token), reason, "{changes}");
}

#[test]
fn required_claims_are_required() {
    let world = World::new();
    let required = [
        ("iss", Refusal::IssuerClaim),
        ("aud", Refusal::Audience),
        ("sub", Refusal::Subject),
        ("exp", Refusal::ExpiryClaim),
    ];
    for (name, reason) in required {
        assert_eq!(world.refusal(&token(&claims_without(name))), reason, "{name}");
    }
    for name in ["nbf", "iat", "jti", "sid", "groups"] {
        world.accepted(&token(&claims_without(name)));
    }
    assert_eq!(world.refusal(&token(&json!({}))), Refusal::ExpiryClaim);
}

#[test]
fn the_issuer_matches_byte_for_byte() {
    let near = [
        format!("{ISSUER}/"),
        ISSUER.to_uppercase(),
        ISSUER.replace("https", "http"),
        format!("{ISSUER} "),
        format!("{ISSUER}#"),
        ISSUER.replace(".com", ".com:443"),
        ISSUER.replace("default", "%64efault"),
        ISSUER.replace("default", "./default"),
        ISSUER.trim_end_matches("/default").to_owned(),
    ];
    for issuer in near {
        refused(json!({"iss": issuer}), Refusal::UnknownIssuer);
    }
    let long = format!("https://{}", "a".repeat(512));
    for issuer in [json!(""), json!(1), json!([ISSUER]), json!(null), json!("a\u{0}b"), json!(long)]
    {
        refused(json!({"iss": issuer}), Refusal::IssuerClaim);
    }
}

#[test]
fn the_audience_is_a_string_or_an_array_of_strings() {
    let world = World::new();
    for aud in [json!("wealth"), json!(["wealth"]), json!(["other", "wealth"])] {
        world.accepted(&token(&claims_with(json!({"aud": aud}))));
    }
    let wrong = [
        json!("other"),
        json!(""),
        json!("Wealth"),
        json!("wealth "),
        json!([]),
        json!(["other"]),
        json!(1),
        json!(null),
        json!(true),
        json!({"wealth": 1}),
        json!(["wealth", 1]),
        json!([["wealth"]]),
        json!([null, "wealth"]),
        json!("other wealth"),
    ];
    for aud in wrong {
        refused(json!({"aud": aud}), Refusal::Audience);
    }
}

#[test]
fn an_empty_audience_list_accepts_nothing() {
    let mut row = config();
    row.audiences.clear();
    assert_eq!(World::with(row).refusal(&good()), Refusal::Audience);
}

#[test]
fn the_expiry_is_a_sane_integer() {
    let soon = now().timestamp() + 60;
    let wrong = [
        json!(soon.to_string()),
        json!(soon as f64),
        json!(1e300),
        json!(-1),
        json!(0),
        json!(null),
        json!(-1e300),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!([soon]),
        json!(true),
        json!({"a": soon}),
        json!(now().timestamp() + 28 * 3600 + 1),
        json!(soon * 1000),
    ];
    for exp in wrong {
        refused(json!({"exp": exp}), Refusal::ExpiryClaim);
    }
    let world = World::new();
    for text in ["18e8", "1.8e9", "1800000060.0", "1800000060.5"] {
        let payload =
            claims_without("exp").to_string().replacen('{', &format!("{{\"exp\":{text},"), 1);
        let token = ED.raw(&header(&ED, "ed").to_string(), &payload);
        assert_eq!(world.refusal(&token), Refusal::ExpiryClaim, "{text}");
    }
}

#[test]
fn expiry_has_no_leeway() {
    let world = World::new();
    let token = |seconds: i64| token(&claims_with(json!({"exp": now().timestamp() + seconds})));
    world.accepted(&token(1));
    world.accepted(&token(28 * 3600));
    assert_eq!(world.refusal(&token(0)), Refusal::Expired);
    assert_eq!(world.refusal(&token(-1)), Refusal::Expired);
}

#[test]
fn not_before_and_issued_at_allow_a_minute() {
    let world = World::new();
    let at = now().timestamp();
    for name in ["nbf", "iat"] {
        world.accepted(&token(&claims_with(json!({name: at + 60}))));
        refused(json!({name: at + 61}), Refusal::NotYetValid);
        refused(json!({name: at + 3600}), Refusal::NotYetValid);
        refused(json!({name: at + 31, "exp": at + 30}), Refusal::TimeClaim);
        let wrong =
            [json!("1"), json!(1.5), json!(1e300), json!(null), json!(-5), json!([1]), json!(0)];
        for value in wrong {
            refused(json!({name: value}), Refusal::TimeClaim);
        }
    }
}

#[test]
fn the_subject_is_a_short_plain_string() {
    World::new().accepted(&token(&claims_with(json!({"sub": "s".repeat(255)}))));
    let wrong = [
        json!(""),
        json!("s".repeat(256)),
        json!(1),
        json!(null),
        json!(["user-1"]),
        json!(true),
        json!("user\u{0}"),
        json!("user\nlevel=error"),
        json!("user\u{7f}"),
        json!("user\u{85}"),
    ];
    for sub in wrong {
        refused(json!({"sub": sub}), Refusal::Subject);
    }
}

#[test]
fn other_kinds_of_token_are_no_access_tokens() {
    let marks = json!({
        "at_hash": "x", "c_hash": "x", "cnf": {"jkt": "x"},
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    for (name, value) in marks.as_object().unwrap() {
        refused(json!({name: value}), Refusal::TokenUse);
    }
}

#[test]
fn other_claims_have_their_type_too() {
    for changes in [
        json!({"sid": 1}),
        json!({"sid": null}),
        json!({"jti": 1}),
        json!({"jti": ""}),
        json!({"jti": "a\u{0}"}),
        json!({"groups": 1}),
        json!({"groups": {"Sales": 1}}),
        json!({"groups": ["Sales", 1]}),
        json!({"groups": null}),
        json!({"groups": vec!["g"; 513]}),
    ] {
        refused(changes, Refusal::ClaimType);
    }
}

#[test]
fn a_verified_token_tells_what_it_proved() {
    let token = World::new().accepted(&good());
    assert_eq!(token.issuer, ISSUER);
    assert_eq!(token.subject, "user-1");
    assert_eq!(token.tenant_id, TENANT);
    assert_eq!(token.roles, ["SalesRepresentative"]);
    assert!(!token.check_grants);
    assert_eq!(token.session_id, Some(uuid::Uuid::from_u128(5)));
    assert_eq!(token.expires_at, after(3600));
    assert_eq!(token.token_id.as_deref(), Some("token-1"));
    let other = World::new().accepted(&self::token(&claims_with(json!({"sid": "102kGJ"}))));
    assert_eq!(other.session_id, None);
}
