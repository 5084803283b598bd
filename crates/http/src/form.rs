//! Bodies of OAuth's endpoints: a form, as its RFCs have it, or the same members as JSON.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use wealth_core::problem;

use crate::input::{RawInput, parse};
use crate::problem::{Problem, Result};

/// Largest body of such a call.
const LENGTH_MAX: usize = 16 * 1024;

/// The members that a form may have.
pub trait FormFields {
    /// Their names. What else a form brings is not looked at (RFC 6749 §3.2).
    const NAMES: &'static [&'static str];
}

/// A body of either kind. Refusals carry `invalid_request`.
#[derive(Debug)]
pub struct JsonOrForm<T>(pub T);

impl<S, T> FromRequest<S> for JsonOrForm<T>
where
    S: Send + Sync,
    T: DeserializeOwned + FormFields,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let read = async {
            let raw = RawInput::from_request(request, state).await?;
            if raw.bytes.len() > LENGTH_MAX {
                let text = format!("This call takes {LENGTH_MAX} bytes.");
                return Err(Problem::new(&problem::PAYLOAD_TOO_LARGE, text));
            }
            match raw.content_type.as_str() {
                "application/json" => parse(&raw.bytes),
                "application/x-www-form-urlencoded" => read_form(&raw.bytes),
                _ => {
                    let text = "Send application/x-www-form-urlencoded or application/json.";
                    Err(Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE, text))
                }
            }
        };
        read.await.map(Self).map_err(|problem| problem.oauth("invalid_request"))
    }
}

/// A parameter stands once; an empty one is as if it were not there (RFC 6749 §3.2).
fn read_form<T: DeserializeOwned + FormFields>(bytes: &[u8]) -> Result<T> {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        if !T::NAMES.contains(&&*name) || value.is_empty() {
            continue;
        }
        if members.insert(name.to_string(), Value::String(value.into_owned())).is_some() {
            let text = format!("The parameter {name} stands twice.");
            return Err(Problem::new(&problem::MALFORMED_REQUEST, text));
        }
    }
    let read = wealth_core::json::from_value(Value::Object(members));
    read.map_err(Problem::from)
}
