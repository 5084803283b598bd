//! The outer shape of a token: JWS compact serialization (RFC 7515 §7.1) and its header.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::error::Refusal;
use super::issuer::Algorithm;
use super::strict_json;

/// Longest token that is read. API Gateway passes at most 10,240 bytes of headers in all.
pub(super) const TOKEN_LENGTH_MAX: usize = 8 * 1024;

/// Longest `kid`.
const KEY_ID_LENGTH_MAX: usize = 256;

/// Members that would make the verifier fetch, trust, inflate or reread something the sender
/// chose (RFC 7515 §4.1, RFC 7516 §4.1, RFC 7797 §3), or announce a nested or encrypted token.
const FORBIDDEN: [&str; 9] = ["crit", "zip", "jwk", "jku", "x5u", "x5c", "b64", "enc", "cty"];

/// A token taken apart. Nothing in it is trusted yet.
#[derive(Debug)]
pub(super) struct Compact<'a> {
    pub(super) header: Header,
    pub(super) payload: Vec<u8>,
    /// What is signed: `header "." payload` as it was sent.
    pub(super) signing_input: &'a [u8],
    pub(super) signature: Vec<u8>,
}

/// The members of the header that matter.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    /// `typ` in lower case without the optional `application/`; empty when absent.
    pub(super) token_type: String,
}

impl<'a> Compact<'a> {
    /// # Errors
    /// A [`Refusal`] that names the first fault.
    pub(super) fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > TOKEN_LENGTH_MAX {
            return Err(Refusal::TooLong);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(Refusal::NotThreeParts)?;
        let (header, payload) = signing_input.split_once('.').ok_or(Refusal::NotThreeParts)?;
        // An empty part would be an unsigned or detached token (RFC 7515 appendix F).
        if payload.contains('.') || [header, payload, signature].contains(&"") {
            return Err(Refusal::NotThreeParts);
        }
        Ok(Self {
            header: Header::parse(&decode(header)?)?,
            payload: decode(payload)?,
            signing_input: signing_input.as_bytes(),
            signature: decode(signature)?,
        })
    }
}

impl Header {
    fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let members = strict_json::object(json)?;
        if FORBIDDEN.iter().any(|name| members.contains_key(*name)) {
            return Err(Refusal::ForbiddenHeader);
        }
        let algorithm = text(&members, "alg")?.and_then(Algorithm::from_name);
        Ok(Self {
            algorithm: algorithm.ok_or(Refusal::Algorithm)?,
            key_id: key_id(&members)?,
            token_type: token_type(&members)?,
        })
    }
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Result<Option<&'m str>, Refusal> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(Refusal::BadHeader),
    }
}

/// An explicit empty `typ` must not pass for an absent one.
fn token_type(members: &Map<String, Value>) -> Result<String, Refusal> {
    match text(members, "typ")? {
        None => Ok(String::new()),
        Some(typ) if media_type(typ).is_empty() => Err(Refusal::BadHeader),
        Some(typ) => Ok(media_type(typ)),
    }
}

/// `kid` is only ever compared with the ids of a configured key set: no path, no SQL, no URL.
fn key_id(members: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let Some(key_id) = text(members, "kid")? else { return Ok(None) };
    if key_id.is_empty() || key_id.len() > KEY_ID_LENGTH_MAX {
        return Err(Refusal::BadHeader);
    }
    Ok(Some(key_id.to_owned()))
}

/// Lower case and without `application/`, which RFC 7515 §4.1.9 lets a sender leave out.
pub(super) fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    lower.strip_prefix("application/").map(str::to_owned).unwrap_or(lower)
}

/// Canonical base64url: no padding, no white space, unused trailing bits zero. Anything looser
/// would give one token many spellings.
fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Base64)
}
