//! GET /v1/users/access-review

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ReviewAccess;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Params, Principal, Problem, Purpose, Result};

/// People in one answer: about half a megabyte, within what a Lambda function may answer.
const PAGE: i64 = 1_000;

/// The columns of the export, in order.
const COLUMNS: [&str; 16] = [
    "user_id",
    "email",
    "name",
    "status",
    "origin",
    "roles",
    "identities",
    "has_password",
    "totp_factors",
    "passkeys",
    "api_keys",
    "sessions",
    "last_login",
    "member_since",
    "ended_at",
    "as_of",
];

/// How the export is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// A JSON object for each person, one a line.
    #[default]
    Ndjson,
    /// RFC 4180 with a header line.
    Csv,
}

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The roles as they were at this instant; now unless given. The rest is as it is now.
    as_of: Option<DateTime<Utc>>,
    /// How it is written; `ndjson` unless given.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Go on behind this person: the Link header has it.
    after: Option<Uuid>,
}

/// Export who has which access
///
/// One line for each member, also of those who are gone: roles with origin, group, begin and end;
/// how the person can sign in; open sessions and API keys. A thousand people an answer; `Link` with
/// rel=next leads on.
#[utoipa::path(get, path = "/v1/users/access-review", operation_id = "users_access_review", tag = "users",
    params(Query, ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "The export", content(
        (String = "application/x-ndjson"), (String = "text/csv")),
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ReviewAccess>()?;
    let about = serde_json::json!({});
    let rows = app
        .personal("users_access_review", &principal, purpose, &about)
        .query_and_commit(
            sql!("users", "access_review"),
            &[p::timestamptz(&query.as_of), p::uuid(&query.after), p::int8(&(PAGE + 1))],
        )
        .await?;
    let shown = &rows[..rows.len().min(usize::try_from(PAGE).unwrap_or(usize::MAX))];
    let (kind, body) = match query.format {
        Format::Ndjson => ("application/x-ndjson", ndjson(shown)?),
        Format::Csv => ("text/csv; charset=utf-8", csv(shown)),
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    if let (true, Some(last)) = (rows.len() > shown.len(), shown.last()) {
        let link = HeaderValue::from_str(&next(&query, last.get("user_id")));
        let link = link.map_err(|error| Problem::internal(error.to_string()))?;
        response.headers_mut().insert(HeaderName::from_static("link"), link);
    }
    Ok(response)
}

fn next(query: &Query, last: Uuid) -> String {
    let format = if query.format == Format::Csv { "csv" } else { "ndjson" };
    let as_of = query.as_of.map_or(String::new(), |at| {
        format!("&as_of={}", at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    });
    format!("</v1/users/access-review?format={format}&after={last}{as_of}>; rel=\"next\"")
}

fn ndjson(rows: &[Row]) -> Result<String> {
    let mut text = String::new();
    for row in rows {
        let line: Value = row.get("line");
        let mut ordered = serde_json::Map::new();
        for name in COLUMNS {
            ordered.insert(name.to_owned(), line.get(name).cloned().unwrap_or_default());
        }
        text += &serde_json::to_string(&ordered).map_err(|e| Problem::internal(e.to_string()))?;
        text.push('\n');
    }
    Ok(text)
}

fn csv(rows: &[Row]) -> String {
    let mut text = COLUMNS.join(",") + "\r\n";
    for row in rows {
        let line: Value = row.get("line");
        let cells: Vec<String> = COLUMNS.iter().map(|name| cell(line.get(name))).collect();
        text += &cells.join(",");
        text += "\r\n";
    }
    text
}

/// A cell. Text that a spreadsheet would take for a formula gets an apostrophe in front.
fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => return String::new(),
        Some(Value::String(text)) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_cell_is_a_formula_and_every_quote_is_doubled() {
        for (value, text) in [
            (json!("=1+1"), "'=1+1"),
            (json!("a \"b\", c"), "\"a \"\"b\"\", c\""),
            (json!(["x"]), "\"[\"\"x\"\"]\""),
            (json!(-1), "-1"),
            (Value::Null, ""),
        ] {
            assert_eq!(cell(Some(&value)), text);
        }
    }
}
