//! Mutants of good tokens: none is accepted, none is a server error, none panics.

use serde_json::{Value, json};

use super::world::*;
use crate::auth::{AudienceClaim, AuthError, IssuerConfig};

const FORGED: usize = 12_000;

/// A small generator (xorshift64*), so that a failure can be repeated from its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll()).unwrap() % end
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn signers() -> [(&'static Signer, &'static str); 3] {
    [(&RSA, "rsa"), (&P256, "p256"), (&ED, "ed")]
}

fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(1.5),
        json!(""),
        json!("\u{0}"),
        json!([]),
        json!({}),
        json!([null]),
        json!("none"),
        json!(u64::MAX),
        json!("../../dev/null"),
        json!("' or 1=1 --"),
        json!("x".repeat(600)),
        json!([["wealth"]]),
        json!({"wealth": true}),
    ]
}

/// Changes characters of the compact form. Whatever comes out differs from every good token.
fn change_text(dice: &mut Dice, good: &str) -> String {
    const CHARACTERS: &[u8] = b"ABab01-_=./+ \n%\"{}";
    let mut bytes = good.as_bytes().to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes[at] = *dice.pick(CHARACTERS),
            1 => bytes.insert(at, *dice.pick(CHARACTERS)),
            2 if bytes.len() > 1 => drop(bytes.remove(at)),
            3 => bytes.truncate(at.max(1)),
            _ => {
                let next = (at + 1) % bytes.len();
                bytes.swap(at, next);
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Takes the parts from different good tokens.
fn mix_parts(dice: &mut Dice, goods: &[String]) -> String {
    let part =
        |dice: &mut Dice, index: usize| dice.pick(goods).split('.').nth(index).unwrap().to_owned();
    let order = [[0, 1, 2], [1, 0, 2], [0, 0, 2], [2, 1, 0], [0, 1, 1], [1, 1, 1]];
    let order = *dice.pick(&order);
    order.map(|index| part(dice, index)).join(".")
}

/// Changes the meaning and signs with a key that the issuer does not have.
fn resign(dice: &mut Dice) -> String {
    let (_, kid) = *dice.pick(&signers());
    let attackers: [&Signer; 2] = [&OTHER_RSA, &OTHER_ED];
    let attacker = *dice.pick(&attackers);
    let mut head = header(attacker, kid);
    let (names, values) =
        (["alg", "kid", "typ", "jwk", "jku", "x5u", "crit", "zip", "b64"], odd_values());
    match dice.below(3) {
        0 => head[*dice.pick(&names)] = dice.pick(&values).clone(),
        1 => head["jwk"] = attacker.jwk(kid),
        _ => {}
    }
    let claims = ["iss", "aud", "sub", "exp", "nbf", "iat", "groups", "tenant_id", "sid", "jti"];
    let mut body = claims_with(json!({"sub": format!("forged-{}", dice.roll())}));
    if dice.below(2) == 0 {
        body[*dice.pick(&claims)] = dice.pick(&values).clone();
    }
    attacker.token(&head, &body)
}

/// Signs properly, by a good key, what must not be accepted: a claim that breaks a rule.
fn break_a_rule(dice: &mut Dice) -> String {
    let (signer, kid) = *dice.pick(&signers());
    let (mut head, values) = (header(signer, kid), odd_values());
    let mut body = claims_with(json!({"jti": dice.roll().to_string()}));
    let value = dice.pick(&values).clone();
    match dice.below(6) {
        0 => body["aud"] = value,
        1 => body["iss"] = json!(format!("{ISSUER}{}", dice.pick(&["/", "#", "?", " ", "."]))),
        2 => {
            body["exp"] =
                dice.pick(&[json!(1), json!("1800000100"), json!(1e300), json!(-1)]).clone()
        }
        3 => {
            head["alg"] = dice.pick(&["none", "HS256", "RS384", "PS256", "nOnE"]).to_owned().into()
        }
        4 => head[*dice.pick(&["crit", "zip", "jwk", "jku", "x5u", "x5c", "b64"])] = value,
        _ => drop(
            body.as_object_mut().unwrap().shift_remove(*dice.pick(&["iss", "aud", "sub", "exp"])),
        ),
    }
    signer.token(&head, &body)
}

#[tokio::test]
async fn no_mutant_of_a_good_token_is_accepted() {
    let world = World::new();
    let second = IssuerConfig {
        issuer: "https://other.example".to_owned(),
        tenant_id: Some(OTHER_TENANT),
        audience_claim: AudienceClaim::ClientId,
        ..config()
    };
    world.configure(vec![config(), second]);
    let goods: Vec<String> = signers()
        .iter()
        .map(|(signer, kid)| signer.token(&header(signer, kid), &claims()))
        .collect();
    for good in &goods {
        world.verify(good).await.unwrap();
    }
    let mut dice = Dice(0x5EED);
    let mut forged = 0;
    while forged < FORGED {
        let token = match dice.below(8) {
            0..4 => {
                let good = dice.pick(&goods).clone();
                change_text(&mut dice, &good)
            }
            4 | 5 => mix_parts(&mut dice, &goods),
            6 => resign(&mut dice),
            _ => break_a_rule(&mut dice),
        };
        if goods.contains(&token) {
            continue;
        }
        forged += 1;
        let answer = world.verify(&token).await;
        assert!(
            matches!(answer, Err(AuthError::Refused(_))),
            "number {forged}: {answer:?} {token}"
        );
    }
    assert!(world.fetches() <= 2 && world.lookups() <= 70);
    for good in &goods {
        world.verify(good).await.unwrap();
    }
}
