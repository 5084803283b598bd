//! One token, one spelling.

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use serde_json::json;

use super::world::*;
use crate::auth::{AuthError, Refusal, bearer};

#[test]
fn three_parts_exactly() {
    let world = World::new();
    let good = good();
    let parts: Vec<&str> = good.split('.').collect();
    let (h, p, s) = (parts[0], parts[1], parts[2]);
    let tokens = [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        format!("{h}.{p}"),
        format!("{h}..{s}"),
        format!(".{p}.{s}"),
        format!("{h}.{p}."),
        format!("{h}.{p}.{s}."),
        format!(".{h}.{p}.{s}"),
        format!("{h}.{p}.{s}.{s}"),
        format!("{h}.{p}.{s}.{s}.{s}"),
        h.to_owned(),
    ];
    for token in tokens {
        assert_eq!(world.refusal(&token), Refusal::NotThreeParts, "{token}");
    }
    world.accepted(&good);
}

#[test]
fn base64_is_canonical() {
    let world = World::new();
    let good = good();
    let mut tokens = Vec::new();
    for index in 0..3 {
        for change in ["=", "==", " ", "\n", "\t", "+", "/", "%3D", "\u{0}", "\u{e9}", "A"] {
            let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
            parts[index].push_str(change);
            tokens.push((parts.join("."), change));
        }
    }
    for (token, change) in tokens {
        let reason = world.refusal(&token);
        let refused = matches!(reason, Refusal::Base64 | Refusal::Json | Refusal::Signature);
        assert!(refused, "{change:?}: {reason:?}");
        assert!(change == "A" || reason == Refusal::Base64, "{change:?}: {reason:?}");
    }
    for token in [format!(" {good}"), format!("{good} "), format!("\n{good}")] {
        assert_eq!(world.refusal(&token), Refusal::Base64);
    }
}

#[test]
fn unused_trailing_bits_must_be_zero() {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let world = World::new();
    let good = good();
    // 64 bytes of signature leave four unused bits in the last of 86 characters.
    let last = ALPHABET.iter().position(|c| Some(c) == good.as_bytes().last()).unwrap();
    assert_eq!(last % 16, 0);
    for bits in 1..16 {
        let mut twin = good.clone();
        twin.pop();
        twin.push(char::from(ALPHABET[last + bits]));
        assert_eq!(world.refusal(&twin), Refusal::Base64);
    }
}

#[test]
fn long_tokens_are_not_read() {
    let world = World::new();
    let long = ED.token(&header(&ED, "ed"), &claims_with(json!({"x": "y".repeat(8 * 1024)})));
    assert_eq!(world.refusal(&long), Refusal::TooLong);
    assert_eq!(world.refusal(&"a".repeat(8 * 1024 + 1)), Refusal::TooLong);
    assert_eq!(world.refusal(&"a".repeat(8 * 1024)), Refusal::NotThreeParts);
    assert_eq!(world.lookups(), 0);
}

#[test]
fn duplicate_names_are_refused_at_any_depth() {
    let world = World::new();
    let payload = claims().to_string();
    let head = header(&ED, "ed").to_string();
    let double =
        |json: &str, member: &str| format!("{},{member}}}", json.strip_suffix('}').unwrap());
    let payloads = [
        double(&payload, r#""sub":"user-1""#),
        double(&payload, r#""sub":"admin""#),
        double(&payload, r#""exp":1"#),
        double(&payload, r#""\u0073ub":"admin""#),
        double(&payload, r#""x":{"a":1,"a":2}"#),
        double(&payload, r#""x":[{"a":1,"a":1}]"#),
    ];
    for payload in payloads {
        assert_eq!(world.refusal(&ED.raw(&head, &payload)), Refusal::Json, "{payload}");
    }
    for head in [double(&head, r#""alg":"none""#), double(&head, r#""kid":"rsa""#)] {
        assert_eq!(world.refusal(&ED.raw(&head, &payload)), Refusal::Json, "{head}");
    }
}

#[test]
fn header_and_claims_are_one_json_object() {
    let world = World::new();
    let (head, payload) = (header(&ED, "ed").to_string(), claims().to_string());
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let others = [
        "",
        "null",
        "1",
        "\"x\"",
        "[]",
        "[{}]",
        "{",
        "{}}",
        "{} {}",
        "\u{feff}{}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":1e999}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\n\"}",
        &deep,
    ];
    for other in others {
        let reasons =
            [world.refusal(&ED.raw(other, &payload)), world.refusal(&ED.raw(&head, other))];
        let expected = if other.is_empty() { Refusal::NotThreeParts } else { Refusal::Json };
        assert_eq!(reasons, [expected; 2], "{other}");
    }
    let message = format!("{}.{}", b64(head), b64(b"{\"sub\":\"\xff\"}"));
    let signature = b64(ED.sign(message.as_bytes()));
    assert_eq!(world.refusal(&format!("{message}.{signature}")), Refusal::Json);
}

#[test]
fn the_authorization_header_is_read_strictly() {
    let read = |values: &[&str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        bearer(&headers).map(str::to_owned)
    };
    assert_eq!(read(&["Bearer a.b.c"]).unwrap(), "a.b.c");
    assert_eq!(read(&["bEARER a.b.c"]).unwrap(), "a.b.c");
    assert_eq!(read(&[]), Err(AuthError::Refused(Refusal::NoCredentials)));
    let bad = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer  a",
        "Bearer\ta",
        "Basic YTpi",
        "a.b.c",
        "Bearer a b",
        "Bearer a, Bearer b",
        " Bearer a",
    ];
    for value in bad {
        assert_eq!(
            read(&[value]),
            Err(AuthError::Refused(Refusal::MalformedAuthorization)),
            "{value}"
        );
    }
    let twice = read(&["Bearer a", "Bearer a"]);
    assert_eq!(twice, Err(AuthError::Refused(Refusal::MalformedAuthorization)));
}

#[test]
fn every_refusal_looks_the_same_from_outside() {
    let faces: Vec<_> =
        [Refusal::Expired, Refusal::Signature, Refusal::UnknownIssuer, Refusal::Tenant]
            .map(AuthError::from)
            .map(|error| (error.status(), error.code(), error.public_detail()))
            .into();
    assert!(faces.iter().all(|face| face == &faces[0]));
    assert_eq!((faces[0].0.as_u16(), faces[0].1), (401, "unauthenticated"));
}
