//! Reads of what is personal of others: each is an event itself, with the purpose that the caller
//! gives, in the same transaction and the same round trip (S2-52).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde_json::Value;
use wealth_core::problem;
use wealth_core::text;
use wealth_core::violations::Violations;
use wealth_db::{Param, Row, Sql, Tx, p};

use crate::app::App;
use crate::principal::Principal;
use crate::problem::{Problem, Result};

/// The header that says what somebody wants to know it for.
const PURPOSE: &str = "x-purpose";

const RECORD: Sql = Sql {
    name: "audit.record_personal_access",
    text: "select audit.record_personal_access($1, $2)",
};

/// What the caller wants to know it for, in words; the header `X-Purpose`.
#[derive(Debug, Clone, Default)]
pub struct Purpose(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Purpose {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let Some(given) = parts.headers.get(PURPOSE) else { return Ok(Self(None)) };
        let given = given.to_str().unwrap_or("\0");
        let purpose = text::clean(given, text::EXTERNAL_ID, "", &mut Violations::new());
        let refused = || {
            let text = "X-Purpose takes one line of 1 to 200 characters of ASCII.";
            Problem::new(&problem::MALFORMED_REQUEST, text)
        };
        purpose.map(|purpose| Self(Some(purpose))).ok_or_else(refused)
    }
}

/// A read under way that leaves its trace.
pub struct Personal<'a> {
    tx: Tx,
    about: &'a Value,
    purpose: Purpose,
}

impl Personal<'_> {
    /// The statement, its record and COMMIT in one round trip.
    pub async fn query_and_commit(self, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>> {
        let noted = [p::json(self.about), p::text(&self.purpose.0)];
        let both = [(sql, params), (RECORD, &noted[..])];
        Ok(self.tx.batch_and_commit(&both).await?.swap_remove(0))
    }
}

impl App {
    /// A transaction for `principal` that reads what is personal of others. `about` says of whom:
    /// with `user_id` of one person, whose own looks at it are no event; else of those that it
    /// describes.
    pub fn personal<'a>(
        &self,
        name: &'static str,
        principal: &Principal,
        purpose: Purpose,
        about: &'a Value,
    ) -> Personal<'a> {
        Personal { tx: self.db.begin(name, principal.context()), about, purpose }
    }
}
