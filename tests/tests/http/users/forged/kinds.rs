//! Forty ways to forge a token. Each makes another one every time.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::json;

use super::{Forge, encode, join};

/// A name and a maker.
type Kind = (&'static str, fn(&mut Forge) -> String);

/// Every kind.
pub(super) const KINDS: [Kind; 40] = [
    ("alg none, no signature", |f| {
        let (mut head, claims) = (f.head(), f.claims());
        head["alg"] = json!(f.dice.pick(&["none", "None", "NONE", "nOnE", ""]));
        format!("{}.", join(&head.to_string(), &claims.to_string()))
    }),
    ("alg none with a signature", |f| {
        let alg = f.dice.pick(&["none", "None", "NONE"]);
        f.headed("alg", json!(alg))
    }),
    ("HS256 with the public key", |f| {
        let (mut head, claims) = (f.head(), f.claims());
        head["alg"] = json!("HS256");
        let text = join(&head.to_string(), &claims.to_string());
        let key = match f.dice.below(3) {
            0 => f.public.clone(),
            1 => encode(&f.public).into_bytes(),
            _ => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(&f.public)).into(),
        };
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), text.as_bytes());
        format!("{text}.{}", encode(tag.as_ref()))
    }),
    ("another algorithm's name", |f| {
        let names = ["RS256", "ES256", "PS256", "ES512", "HS512", "Ed25519", "eddsa", "EdDSA "];
        let alg = f.dice.pick(&names);
        f.headed("alg", json!(alg))
    }),
    ("no alg", |f| {
        let claims = f.claims();
        let head = json!({"typ": "at+jwt", "kid": f.key_id});
        f.genuine(&head, &claims)
    }),
    ("the forger's key under the true kid", |f| {
        let (head, claims) = (f.head(), f.claims());
        f.forged(&head, &claims)
    }),
    ("the forger's key, its jwk in the header", |f| {
        let (mut head, claims) = (f.head(), f.claims());
        head["jwk"] = json!({"kty": "OKP", "crv": "Ed25519", "x": encode(&f.public)});
        f.forged(&head, &claims)
    }),
    ("jku or x5u to the forger", |f| {
        let (mut head, claims) = (f.head(), f.claims());
        head[f.dice.pick(&["jku", "x5u", "x5c"])] = json!("https://127.0.0.1:1/keys.json");
        f.forged(&head, &claims)
    }),
    ("a kid of another key", |f| {
        let kid = f.next_key_id.clone();
        f.headed("kid", json!(kid))
    }),
    ("a kid that nobody has", |f| {
        let kid = format!("{:x}", f.dice.below(1 << 40));
        f.headed("kid", json!(kid))
    }),
    ("a kid that is a path or SQL", |f| {
        let odd =
            ["../../dev/null", "/etc/passwd", "' or 1=1 --", "x' union select '{}", "%00", ""];
        let kid = f.dice.pick(&odd);
        f.headed("kid", json!(kid))
    }),
    ("no kid where there are two keys", |f| {
        let claims = f.claims();
        f.genuine(&json!({"alg": "EdDSA", "typ": "at+jwt"}), &claims)
    }),
    ("a kid that is no text", |f| {
        let kid = f.dice.pick(&[json!(1), json!(null), json!(["a"]), json!({"a": 1}), json!(true)]);
        f.headed("kid", kid)
    }),
    ("a changed character of the claims", |f| {
        let claims = f.part(1);
        let at = f.dice.below(claims.len());
        let new = if &claims[at..=at] == "A" { "B" } else { "A" };
        format!("{}.{}{new}{}.{}", f.part(0), &claims[..at], &claims[at + 1..], f.part(2))
    }),
    ("a changed character of the signature", |f| {
        let signature = f.part(2);
        let at = f.dice.below(signature.len());
        let new = if &signature[at..=at] == "A" { "B" } else { "A" };
        format!("{}.{}.{}{new}{}", f.part(0), f.part(1), &signature[..at], &signature[at + 1..])
    }),
    ("an empty or short signature", |f| {
        let end = f.dice.below(86);
        format!("{}.{}.{}", f.part(0), f.part(1), &f.part(2)[..end])
    }),
    ("a signature of zeros or ones", |f| {
        let byte = f.dice.pick(&[0u8, 1, 255]);
        let claims = f.claims();
        let text = join(&f.head().to_string(), &claims.to_string());
        format!("{text}.{}", encode(&[byte; 64]))
    }),
    ("the signature of another token", |f| {
        let claims = f.claims();
        format!("{}.{}", join(&f.head().to_string(), &claims.to_string()), f.part(2))
    }),
    ("parts in another order or number", |f| {
        let (a, b, c, n) = (f.part(0), f.part(1), f.part(2), f.dice.below(1 << 30));
        f.dice.pick(&[
            format!("{b}.{a}.{c}"),
            format!("{a}.{b}"),
            format!("{a}.{b}.{c}.{n}"),
            format!("{a}..{c}"),
            format!(".{b}.{c}"),
            format!("{a}.{b}.{c}."),
        ])
    }),
    ("padded or standard base64", |f| {
        let claims = f.claims();
        let head = URL_SAFE.encode(f.head().to_string());
        let body = STANDARD.encode(claims.to_string() + "??>>");
        let text = format!("{head}.{body}=");
        let signature = f.genuine.sign(text.as_bytes());
        format!("{text}.{}", encode(signature.as_ref()))
    }),
    ("bits behind the end of base64", |f| {
        let mut signature = f.part(2);
        let last = signature.pop().expect("a character");
        let next = f.dice.pick(&['B', 'C', 'D', 'R', 'S', 'h', 'i', 'x', 'y', 'z']);
        let next = if next == last { '_' } else { next };
        format!("{}.{}.{signature}{next}", f.part(0), f.part(1))
    }),
    ("crit, zip or b64", |f| {
        let (name, value) = f.dice.pick(&[
            ("crit", json!(["exp"])),
            ("crit", json!([])),
            ("zip", json!("DEF")),
            ("b64", json!(false)),
        ]);
        f.headed(name, value)
    }),
    ("another typ", |f| {
        let names =
            ["JWT", "jwt", "id+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt", "", "at+jwts"];
        let typ = f.dice.pick(&names);
        f.headed("typ", json!(typ))
    }),
    ("no typ", |f| {
        let claims = f.claims();
        let head = json!({"alg": "EdDSA", "kid": f.key_id});
        f.genuine(&head, &claims)
    }),
    ("a claim missing", |f| {
        let mut claims = f.claims();
        let name = f.dice.pick(&["iss", "aud", "sub", "exp", "tenant_id"]);
        claims.as_object_mut().expect("claims").shift_remove(name);
        f.genuine(&f.head(), &claims)
    }),
    ("another audience", |f| {
        let odd = [
            json!("wealth2"),
            json!(["other"]),
            json!([]),
            json!(""),
            json!({"wealth": 1}),
            json!(7),
        ];
        let value = f.dice.pick(&odd);
        f.with("aud", value)
    }),
    ("almost the issuer", |f| {
        let tail = f.dice.pick(&["/", "#", "?", " ", ".", "/.", ":443", "%2f"]);
        f.with("iss", json!(format!("{}{tail}", testkit::ISSUER)))
    }),
    ("another issuer", |f| {
        let odd = [
            "https://local.wealth.invalid",
            "https://evil.example",
            "HTTPS://WEALTH.EXAMPLE",
            "wealth.example",
        ];
        let value = f.dice.pick(&odd);
        f.with("iss", json!(value))
    }),
    ("expired", |f| {
        let ago = i64::try_from(f.dice.below(1 << 20)).expect("small");
        let (now, mut claims) = (f.now, f.claims());
        (claims["exp"], claims["iat"]) = (json!(now - ago), json!(now - ago - 900));
        f.genuine(&f.head(), &claims)
    }),
    ("an odd exp", |f| {
        let soon = f.now + 900;
        let odd = [
            json!(soon.to_string()),
            json!(1e300),
            json!(-1),
            json!(0),
            json!(null),
            json!([soon]),
            json!(u64::MAX),
            json!(1.5),
            json!(soon + 86_400 * 365),
        ];
        let value = f.dice.pick(&odd);
        f.with("exp", value)
    }),
    ("not yet valid", |f| {
        let ahead = 61 + i64::try_from(f.dice.below(600)).expect("small");
        let (name, at) = (f.dice.pick(&["nbf", "iat"]), f.now + ahead);
        f.with(name, json!(at))
    }),
    ("an odd nbf or iat", |f| {
        let name = f.dice.pick(&["nbf", "iat"]);
        let value = f.dice.pick(&[json!("1"), json!(1.5), json!(-5), json!({}), json!(null)]);
        f.with(name, value)
    }),
    ("members twice", |f| {
        let claims = f.claims().to_string();
        let name = f.dice.pick(&["sub", "exp", "aud", "iss", "tenant_id", "roles"]);
        let claims = format!("{{\"{name}\":\"x\",{}", &claims[1..]);
        let text = join(&f.head().to_string(), &claims);
        let signature = f.genuine.sign(text.as_bytes());
        format!("{text}.{}", encode(signature.as_ref()))
    }),
    ("no JSON object", |f| {
        let claims = f.claims().to_string();
        let body = f.dice.pick(&[
            "[]".to_owned(),
            "null".into(),
            String::new(),
            format!("{claims}x"),
            format!("[{claims}]"),
            format!("\u{feff}{claims}"),
        ]);
        let text = join(&f.head().to_string(), &body);
        let signature = f.genuine.sign(text.as_bytes());
        format!("{text}.{}", encode(signature.as_ref()))
    }),
    ("an ID token", |f| {
        let (name, value) = f.dice.pick(&[("at_hash", json!("x")), ("c_hash", json!("x"))]);
        f.with(name, value)
    }),
    ("a logout token or one bound to a key", |f| {
        let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        let (name, value) = f.dice.pick(&[("events", event), ("cnf", json!({"jkt": "x"}))]);
        f.with(name, value)
    }),
    ("a subject that is no user id", |f| {
        let odd = [
            json!(""),
            json!("admin-a"),
            json!(1),
            json!(null),
            json!([]),
            json!("\u{0}"),
            json!("x".repeat(300)),
        ];
        let value = f.dice.pick(&odd);
        f.with("sub", value)
    }),
    ("a tenant that is no id", |f| {
        let odd = [
            json!(""),
            json!("*"),
            json!(null),
            json!([]),
            json!("00000000000070008000000000000a"),
            json!({"eq": 1}),
        ];
        let value = f.dice.pick(&odd);
        f.with("tenant_id", value)
    }),
    ("a claim of the wrong type", |f| {
        let (name, value) = f.dice.pick(&[
            ("roles", json!({"a": 1})),
            ("roles", json!([1])),
            ("sid", json!(7)),
            ("jti", json!([])),
            ("act", json!({"sub": "somebody"})),
            ("act", json!("x")),
            ("amr", json!(1)),
            ("auth_time", json!("now")),
        ]);
        f.with(name, value)
    }),
    ("too long or too deep", |f| {
        if f.dice.below(2) == 0 {
            f.with("pad", json!("x".repeat(20_000)))
        } else {
            let text =
                join(&f.head().to_string(), &format!("{}1{}", "[".repeat(900), "]".repeat(900)));
            let signature = f.genuine.sign(text.as_bytes());
            format!("{text}.{}", encode(signature.as_ref()))
        }
    }),
];
