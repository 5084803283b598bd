//! Time-based one-time passwords (RFC 6238), as every authenticator app knows them: SHA-1, six
//! digits, thirty seconds. The arithmetic is totp-rs'; what may be spent is the database's to say.

use aws_lc_rs::rand;
use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;
use wealth_http::{Problem, Result};

use crate::field::Field;

/// 160 bits, as RFC 4226 §4 recommends.
const SECRET: usize = 20;
/// Steps that a phone's clock may be off, each way.
const SKEW: u16 = 1;

/// A new secret.
///
/// # Errors
/// `internal_error` when the machine gives no randomness.
pub(crate) fn generate() -> Result<[u8; SECRET]> {
    let mut secret = [0; SECRET];
    rand::fill(&mut secret).map_err(|_| Problem::internal("no randomness"))?;
    Ok(secret)
}

/// What an authenticator app is given: the secret in base32, and the address with everything in it
/// that becomes the QR code.
///
/// # Errors
/// `internal_error` for a secret that is too short, which none of ours is.
pub(crate) fn provisioning(secret: &[u8], issuer: &str, account: &str) -> Result<(String, String)> {
    // A colon separates the two in the label and may be in neither.
    let plain = |text: &str| text.replace(':', " ");
    let builder =
        builder(secret).with_account_name(plain(account)).with_issuer(Some(plain(issuer)));
    let fault = |error: totp_rs::TotpError| Problem::internal(error.to_string());
    let totp = builder.build().map_err(fault)?;
    Ok((totp.secret().to_base32(), totp.to_url().map_err(fault)?))
}

/// The time step whose code this is, at `now` or one step off; none if it is none of them.
pub(crate) fn matching_step(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let totp: Totp = builder(secret).build().ok()?;
    totp.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// Where the secret of a factor rests.
pub(crate) fn field(user_id: Uuid, factor_id: Uuid) -> Field {
    let row = format!("{user_id}|{factor_id}");
    Field { table: "users.totp_factors", column: "secret", row }
}

fn builder(secret: &[u8]) -> Builder {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(SKEW)
        .with_secret(secret.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1; the last six of its eight digits.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    const KEY: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_vectors_of_the_standard_hold() {
        for (time, code) in VECTORS {
            assert_eq!(matching_step(KEY, code, at(time)), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let (time, code) = VECTORS[3];
        let step = time / 30;
        for (off, right) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = matching_step(KEY, code, at((step + off) * 30));
            assert_eq!(found, right.then_some(step), "{off} steps");
        }
    }

    #[test]
    fn anything_but_six_digits_is_wrong() {
        for code in ["", "05924", "0005924", "005925", "００５９２４", "5924", " 05924", "-05924"]
        {
            assert_eq!(matching_step(KEY, code, at(VECTORS[3].0)), None, "{code:?}");
        }
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let (secret, uri) = provisioning(KEY, "id.example", "ada:x@a.test").unwrap();
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            uri,
            "otpauth://totp/id.example:ada%20x%40a.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=id.example"
        );
    }
}
