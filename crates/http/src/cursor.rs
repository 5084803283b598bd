//! Seek pagination: an opaque cursor that holds the sort key of the last row shown, and the Link
//! header (RFC 8288) that carries it.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wealth_core::problem;

use crate::problem::{Problem, Result};
use crate::reply::json_bytes;

/// What is answered ends a page when this many bytes are full: Lambda answers with 6 MB at most, JSON
/// inside JSON, where every quotation mark takes one more.
pub const PAGE_BYTES: usize = 4_000_000;

/// How many rows a page holds: 1 to 200, 50 unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "u32")]
#[schema(value_type = u32, minimum = 1, maximum = 200, default = 50)]
pub struct Limit(u32);

impl Limit {
    /// Rows to ask the database for: one more than shown tells whether there is a next page.
    pub fn fetch(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// Rows to show.
    pub fn show(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u32> for Limit {
    type Error = &'static str;

    fn try_from(limit: u32) -> std::result::Result<Self, Self::Error> {
        if (1..=200).contains(&limit) { Ok(Self(limit)) } else { Err("must be from 1 to 200") }
    }
}

/// A position in a list. Its content is ours to change; row level security holds whatever a
/// caller writes into it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Cursor(String);

impl Cursor {
    /// The sort key it holds.
    pub fn decode<K: DeserializeOwned>(&self) -> Result<K> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok();
        let key = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let key = key.filter(can_be_a_key).and_then(|key| serde_json::from_value(key).ok());
        key.ok_or_else(|| {
            let text = "The cursor is not one of this list's. Start again without it.";
            Problem::new(&problem::MALFORMED_REQUEST, text)
        })
    }

    /// The Link header's value that leads to the page behind `key`.
    pub fn link<K: Serialize>(uri: &Uri, key: &K) -> String {
        next_link(uri, &Self::encode(key))
    }

    fn encode<K: Serialize>(key: &K) -> String {
        // Sort keys are strings, dates and numbers, which always serialise.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
    }
}

/// Whether a row can have such a key: no number and no day is beyond what the database holds.
fn can_be_a_key(key: &Value) -> bool {
    let year = |year: i32| (1..=9999).contains(&year);
    match key {
        Value::Number(number) => !number.is_u64() || number.is_i64(),
        Value::String(text) => {
            text.parse::<DateTime<Utc>>().map_or(true, |at| year(at.year()))
                && text.parse::<NaiveDate>().map_or(true, |day| year(day.year()))
        }
        Value::Array(parts) => parts.iter().all(can_be_a_key),
        Value::Object(parts) => parts.values().all(can_be_a_key),
        Value::Null | Value::Bool(_) => true,
    }
}

/// One page of a list.
#[derive(Debug, ToSchema)]
pub struct Page<T> {
    /// The rows: as many as were asked for, or fewer where 4 MB are full before.
    pub items: Vec<T>,
    /// Cursor of the next page; null on the last.
    pub next_cursor: Option<String>,
    #[schema(ignore)]
    link: Option<String>,
    #[schema(ignore)]
    body: serde_json::Result<Vec<u8>>,
}

impl<T: Serialize> Page<T> {
    /// Builds a page from up to `limit + 1` rows, of as many of them as an answer has room for; `key`
    /// gives the sort key of a row.
    pub fn new<K: Serialize>(
        mut items: Vec<T>,
        limit: Limit,
        uri: &Uri,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let mut body = br#"{"items":["#.to_vec();
        let shown = write_items(&mut body, items.iter().take(limit.show()));
        let more = items.len() > *shown.as_ref().unwrap_or(&0);
        items.truncate(*shown.as_ref().unwrap_or(&0));
        let next_cursor = items.last().filter(|_| more).map(|last| Cursor::encode(&key(last)));
        let link = next_cursor.as_ref().map(|cursor| next_link(uri, cursor));
        let body = shown.and_then(|_| {
            body.extend_from_slice(br#"],"next_cursor":"#);
            serde_json::to_writer(&mut body, &next_cursor)?;
            body.push(b'}');
            Ok(body)
        });
        Self { items, next_cursor, link, body }
    }
}

/// Writes as many items as there is room for, one at least; how many.
fn write_items<'a, T: Serialize + 'a>(
    body: &mut Vec<u8>,
    items: impl Iterator<Item = &'a T>,
) -> serde_json::Result<usize> {
    let mut written = 0;
    for item in items {
        let end = body.len();
        if written > 0 {
            body.push(b',');
        }
        serde_json::to_writer(&mut *body, item)?;
        if written > 0 && body.len() > PAGE_BYTES {
            body.truncate(end);
            break;
        }
        written += 1;
    }
    Ok(written)
}

/// The same request with another cursor.
fn next_link(uri: &Uri, cursor: &str) -> String {
    let kept = uri.query().unwrap_or_default().split('&');
    let kept = kept.filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<&str> = kept.collect();
    let separator = if query.is_empty() { "" } else { "&" };
    format!("<{}?{}{separator}cursor={cursor}>; rel=\"next\"", uri.path(), query.join("&"))
}

impl<T: Serialize> IntoResponse for Page<T> {
    /// A page has no version, so its entity tag is a digest of its bytes (checklist S0-116); the
    /// outermost layer answers 304 to a caller that has them.
    fn into_response(self) -> Response {
        let link = self.link.as_deref().and_then(|link| HeaderValue::from_str(link).ok());
        let reply = match self.body {
            Ok(body) => json_bytes(StatusCode::OK, body),
            Err(error) => return Problem::internal(error.to_string()).into_response(),
        };
        let digest = Sha256::digest(&reply.body);
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..12]));
        let mut response = reply.header(header::ETAG, &tag).into_response();
        response.extensions_mut().insert(TaggedByDigest);
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// Marks an answer whose entity tag stands for its very bytes, so that 304 needs no other proof.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TaggedByDigest;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_points_to_the_next_one_and_the_last_does_not() {
        let uri: Uri = "/v1/products?type=CD&cursor=old&limit=2".parse().unwrap();
        let limit = Limit::try_from(2).unwrap();
        let page = Page::new(vec![1, 2, 3], limit, &uri, |n| *n);
        assert_eq!(page.items, [1, 2]);
        let cursor = page.next_cursor.clone().unwrap();
        assert_eq!(Cursor(cursor.clone()).decode::<i32>().unwrap(), 2);
        let link = format!("</v1/products?type=CD&limit=2&cursor={cursor}>; rel=\"next\"");
        assert_eq!(page.link.unwrap(), link);
        let page = Page::new(vec![1, 2], limit, &uri, |n| *n);
        assert_eq!((page.next_cursor, page.link), (None, None));
    }

    #[test]
    fn a_page_ends_when_an_answer_is_full_and_the_next_goes_on_there() {
        let uri: Uri = "/v1/audit/events".parse().unwrap();
        let large = "x".repeat(PAGE_BYTES / 3);
        let rows = || vec![(1, &large), (2, &large), (3, &large), (4, &large)];
        let page = Page::new(rows(), Limit::default(), &uri, |row| row.0);
        assert_eq!(page.items, [(1, &large), (2, &large)]);
        let cursor = page.next_cursor.clone().unwrap();
        assert_eq!(Cursor(cursor.clone()).decode::<i32>().unwrap(), 2);
        let expected = serde_json::json!({"items": page.items, "next_cursor": cursor});
        assert_eq!(page.body.unwrap(), expected.to_string().as_bytes());
        // One that is larger than an answer is tried alone: nothing is left out, nobody turns in circles.
        let larger = "x".repeat(PAGE_BYTES + 1);
        let page = Page::new(vec![(1, &larger), (2, &larger)], Limit::default(), &uri, |row| row.0);
        assert_eq!(page.items, [(1, &larger)]);
        assert!(page.next_cursor.is_some());
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        for text in ["", "!!", "bnVsbA", "eyJhIjoxfQ"] {
            let problem = Cursor(text.to_owned()).decode::<(String, i32)>().unwrap_err();
            assert_eq!(problem.code().code, "malformed_request");
        }
        let made = |text: &str| Cursor(URL_SAFE_NO_PAD.encode(text));
        assert!(made("9223372036854775807").decode::<u64>().is_ok());
        assert!(made("9223372036854775808").decode::<u64>().is_err());
        for (at, fine) in [("9999-12-31", true), ("-5000-01-01", false), ("+10000-01-01", false)] {
            let found = made(&format!(r#"["{at}T00:00:00Z",1]"#)).decode::<(DateTime<Utc>, i32)>();
            assert_eq!(found.is_ok(), fine, "{at}");
            let found = made(&format!(r#"{{"day":"{at}"}}"#)).decode::<Value>();
            assert_eq!(found.is_ok(), fine, "{at}");
        }
    }
}
