//! The sealed log as a file: one line an event, in the order of the leaves, page by page.

mod csv;

use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use wealth_core::audit::Record;
use wealth_core::authz::ExportAudit;
use wealth_core::violations::Violations;
use wealth_db::{RequestContext, p, sql};
use wealth_http::{App, Cursor, PAGE_BYTES, Params, Principal, Problem, Result};

use crate::checkpoint::SignedHead;
use crate::columns::{Table, TableError};
use crate::query::{self, EXPORTED};
use crate::row;

/// How many bytes of values are read at most for a page: more than it holds uncompressed.
const STRETCH_BYTES: i64 = 16_000_000;
/// Events a page.
const PAGE_EVENTS: u32 = 5_000;

/// The form of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// A JSON object a line: what `wealth audit verify` reads.
    #[default]
    Ndjson,
    /// A table (RFC 4180).
    Csv,
    /// A file of Parquet with the columns of the archive, each page one of its own.
    Parquet,
}

/// In which form, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The form; NDJSON unless given.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Most events on this page, 1 to 5000; the page also ends at 4 MB.
    #[param(minimum = 1, maximum = 5000)]
    limit: Option<u32>,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A stretch of the log.
pub struct Stretch {
    /// The events, each at its place.
    pub records: Vec<Record>,
    /// Whether there may be more behind them.
    pub full: bool,
    /// The note of the last head.
    pub note: Option<String>,
    /// The key that signed it.
    pub verifier_key: Option<String>,
}

/// The line of an export that holds a signed head.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadLine {
    /// The signed note.
    pub checkpoint: String,
    /// The key that signed it, by the server's account.
    pub verifier_key: String,
}

/// Reads up to `limit` sealed events behind the leaf `after`, fewer if they are large, and records that
/// it was done.
///
/// # Errors
/// The database does not answer, or the caller is nobody.
pub async fn stretch(
    app: &App,
    context: &RequestContext,
    after: Option<u64>,
    limit: u32,
    format: &str,
) -> Result<Stretch> {
    let (after, limit) = (after.map(row::signed).transpose()?, i64::from(limit));
    let page = [p::int8(&after), p::int8(&limit), p::int8(&STRETCH_BYTES)];
    let filters = [("after", json!(after)), ("limit", json!(limit)), ("format", json!(format))];
    let asked = query::asked("audit_export", &filters);
    let recorded = [p::text(&EXPORTED), p::json(&asked)];
    // The head first: what it is over is committed, so that the stretch behind it holds all of that.
    let statements = [
        (sql!("audit", "checkpoint"), &[p::int8(&None::<i64>)][..]),
        (sql!("audit", "export"), &page[..]),
        (sql!("audit", "record_access"), &recorded[..]),
    ];
    let tx = app.db.begin("audit_export", context);
    let mut answers = tx.batch_and_commit(&statements).await?.into_iter();
    let head = answers.next().unwrap_or_default();
    let rows = answers.next().unwrap_or_default();
    let head = head.first().map(SignedHead::read).transpose()?;
    let (note, verifier_key) = head.map(|head| (head.note, head.verifier_key)).unzip();
    let records: Vec<Record> = rows.iter().map(row::record).collect::<Result<_>>()?;
    let bytes: Option<i64> = rows.last().map(|row| row.get("bytes_upto"));
    let full = i64::try_from(records.len()).is_ok_and(|found| found == limit)
        || bytes >= Some(STRETCH_BYTES);
    Ok(Stretch { records, full, note, verifier_key })
}

/// Export the sealed log
///
/// Every sealed event in the order of the log, with its leaf's hash and the salt that opens the
/// leaf. The first line of each NDJSON page is the signed head at that moment. All pages one after
/// the other are what `wealth audit verify` proves offline. Each page is recorded.
#[utoipa::path(
    get,
    path = "/v1/audit/export",
    operation_id = "audit_export",
    tag = "audit",
    params(Query),
    responses((
        status = 200,
        description = "A page of the file; Link leads to the next one",
        content(
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.apache.parquet"),
        ),
    ))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ExportAudit>()?;
    let limit = query.limit.unwrap_or(1_000);
    if !(1..=PAGE_EVENTS).contains(&limit) {
        let text = "must lie between 1 and 5000";
        return Err(Violations::one("/limit", "out_of_range", text).into());
    }
    let after: Option<u64> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (name, media_type) = match query.format {
        Format::Ndjson => ("ndjson", "application/x-ndjson"),
        Format::Csv => ("csv", "text/csv; charset=utf-8"),
        Format::Parquet => ("parquet", "application/vnd.apache.parquet"),
    };
    let found = stretch(&app, principal.context(), after, limit, name).await?;
    let (body, written) = match query.format {
        Format::Ndjson => text(ndjson(&found)?),
        Format::Csv => text(csv::write(&found.records, after.is_none(), PAGE_BYTES)),
        Format::Parquet => parquet(&found.records)?,
    };
    let full = written < found.records.len() || found.full;
    let last = written.checked_sub(1).and_then(|place| found.records.get(place));
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let attached = format!("attachment; filename=\"audit.{name}\"");
    let next = last.filter(|_| full).map(|last| Cursor::link(&uri, &last.leaf_index));
    for (name, value) in [(header::CONTENT_DISPOSITION, Some(attached)), (header::LINK, next)] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

fn text((body, written): (String, usize)) -> (Vec<u8>, usize) {
    (body.into_bytes(), written)
}

/// A file with as many rows as a page holds; how many. What is compressed is smaller, so that the page
/// keeps its length even where Lambda writes it in base64.
fn parquet(records: &[Record]) -> Result<(Vec<u8>, usize)> {
    let unwritable = |error: TableError| Problem::internal(error.to_string());
    let mut table = Table::new().map_err(unwritable)?;
    let mut written = 0;
    for record in records {
        table.push(record).map_err(unwritable)?;
        written += 1;
        if table.size() > PAGE_BYTES {
            break;
        }
    }
    Ok((table.finish().map_err(unwritable)?, written))
}

/// A head and as many lines as a page holds; how many.
fn ndjson(found: &Stretch) -> Result<(String, usize)> {
    let mut body = String::new();
    if let (Some(checkpoint), Some(verifier_key)) = (&found.note, &found.verifier_key) {
        let head = HeadLine { checkpoint: checkpoint.clone(), verifier_key: verifier_key.clone() };
        line(&mut body, &head)?;
    }
    let mut written = 0;
    for record in &found.records {
        line(&mut body, record)?;
        written += 1;
        if body.len() > PAGE_BYTES {
            break;
        }
    }
    Ok((body, written))
}

fn line<T: Serialize>(body: &mut String, value: &T) -> Result<()> {
    let text =
        serde_json::to_string(value).map_err(|error| Problem::internal(error.to_string()))?;
    body.push_str(&text);
    body.push('\n');
    Ok(())
}
