//! POST /v1/products/imports

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json as value};
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ImportProducts};
use wealth_core::import::{Format, HeaderError, RowError};
use wealth_core::problem;
use wealth_db::{Param, Sql, p, sql};
use wealth_http::{
    App, Params, Principal, Problem, RawInput, Result, Row404, Write, created, json,
};

use super::batch::{Batch, Counts};
use super::outcome::Outcome;
use super::reader::{Kind, Reader};
use super::view::{ImportSummary, ImportView, SHOWN};

/// Rows that one statement loads.
const BATCH: usize = 1000;
/// Rows that one call loads: more would take longer than the gateway waits.
const MOST: u64 = 20_000;

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Query {
    /// Only look: report exactly what would happen and change nothing.
    #[serde(default)]
    #[param(default = false)]
    dry_run: bool,
    /// Name of the file, for the list of imports; up to 255 characters.
    #[param(max_length = 255)]
    file_name: Option<String>,
}

/// Import products
///
/// CSV with a header (text/csv) or one JSON object a line (application/x-ndjson), in UTF-8, up to
/// 6 MB and 20,000 rows; `wealth import` takes files of any size. A product is found by its CUSIP:
/// a new one is created with its first rate and window, one that is there gets what the row says
/// and keeps what the row leaves out. A bad row is reported by line and column, and the good ones
/// load. A rate of a product that is there, if it moves further than the firm lets one person move
/// it, waits as a rate change for a second person, and its row counts as quarantined.
#[utoipa::path(
    post,
    path = "/v1/products/imports",
    operation_id = "products_imports_create",
    tag = "products",
    params(Query, ("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"))),
    responses(
        (status = 201, description = "Done, with what was wrong", body = ImportView,
            headers(("Location" = String))),
        (status = 200, description = "A dry run: what would have happened", body = ImportView),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    input: RawInput,
) -> Result<Response> {
    let allowed = principal.authorize::<ImportProducts>()?;
    let write = app.write("product_import", &principal, input.idempotency.required()?);
    if query.file_name.as_ref().is_some_and(|name| name.chars().count() > 255) {
        let text = "The file name has more than 255 characters.";
        return Err(Problem::new(&problem::MALFORMED_REQUEST, text));
    }
    let format = format(&input.content_type)?;
    let sha256 = Sha256::digest(&input.bytes).to_vec();
    let run = Run { app: &app, body: &input.bytes, format, sha256, file_name: query.file_name };
    if query.dry_run { run.look(write, &allowed).await } else { run.load(write, &allowed).await }
}

fn format(content_type: &str) -> Result<Format> {
    match content_type {
        "text/csv" => Ok(Format::Csv),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Format::Ndjson),
        _ => {
            let text = "Send the body as text/csv or application/x-ndjson.";
            Err(Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE, text))
        }
    }
}

/// One call.
struct Run<'a> {
    app: &'a App,
    body: &'a [u8],
    format: Format,
    sha256: Vec<u8>,
    file_name: Option<String>,
}

impl Run<'_> {
    /// Everything in one transaction, so that the call happens whole, once, or not at all.
    async fn load(&self, mut write: Write, _: &Authorized<ImportProducts>) -> Result<Response> {
        let (id, mut reader) = self.start(&mut write).await?;
        let (mut counts, mut loaded) = (Counts::default(), None::<Booking>);
        while let Some(batch) = self.next(&mut reader)? {
            let outcome = self.send(&mut write, loaded.as_ref(), &batch).await?;
            counts += outcome.counts;
            within_limit(&counts)?;
            loaded = Some(Booking::new(id, &batch, &outcome));
        }
        let booked = loaded.as_ref().map(Booking::params);
        let finish = [p::uuid(&id), p::text(&"finished")];
        let get = [p::uuid(&id)];
        let mut queries: Vec<wealth_db::Query<'_>> = Vec::with_capacity(3);
        queries.extend(booked.as_ref().map(|params| (BOOK, &params[..])));
        queries.push((sql!("products", "import_finish"), &finish));
        queries.push((sql!("products", "import_get"), &get));
        let (done, mut answers) = write.last(&queries).await?;
        let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
        let location = format!("/v1/products/imports/{id}");
        done.reply(created(&location, &ImportView::read(&row)?)?).await
    }

    /// The same, and then nothing of it is kept: the transaction is dropped.
    async fn look(&self, mut write: Write, _: &Authorized<ImportProducts>) -> Result<Response> {
        let mut reader = self.open(1)?;
        let (mut counts, mut errors) = (Counts::default(), Vec::<RowError>::new());
        while let Some(batch) = self.next(&mut reader)? {
            let outcome = self.send(&mut write, None, &batch).await?;
            counts += outcome.counts;
            within_limit(&counts)?;
            errors.extend(outcome.errors);
        }
        errors.truncate(SHOWN);
        let name = self.file_name.clone();
        let summary = ImportSummary::dry(name, &self.sha256, self.format_name(), counts);
        Ok(json(StatusCode::OK, &ImportView { summary, errors })?.into_response())
    }

    /// Opens the run, or goes on with one over the same bytes that the command line left behind.
    async fn start(&self, write: &mut Write) -> Result<(Uuid, Reader<&[u8]>)> {
        // A file that cannot be read at all leaves no run behind.
        self.open(1)?;
        let (new, options) = (self.app.ids.next(), value!({}));
        let (kind, format) = (Kind::Products.as_str(), self.format_name());
        let params = [
            p::uuid(&new),
            p::text(&kind),
            p::text(&format),
            p::bytes(&self.sha256),
            p::text(&self.file_name),
            p::json(&options),
        ];
        let mut answers = write.run(&[(sql!("products", "import_start"), &params)]).await?;
        let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
        let next_line: i64 = row.get("next_line");
        Ok((row.get("import_id"), self.open(next_line.unsigned_abs())?))
    }

    fn open(&self, next_line: u64) -> Result<Reader<&[u8]>> {
        Reader::open(Kind::Products, self.body, self.format, BATCH, next_line).map_err(unreadable)
    }

    fn next(&self, reader: &mut Reader<&[u8]>) -> Result<Option<Batch>> {
        reader.next_batch(&*self.app.ids).map_err(|error| Problem::internal(error.to_string()))
    }

    /// Loads a batch; what the one before came to is booked in the same round trip.
    async fn send(
        &self,
        write: &mut Write,
        before: Option<&Booking>,
        batch: &Batch,
    ) -> Result<Outcome> {
        let (booked, options) = (before.map(Booking::params), value!({}));
        let rows = [p::json(&batch.rows), p::json(&options)];
        let mut queries: Vec<wealth_db::Query<'_>> = Vec::with_capacity(2);
        queries.extend(booked.as_ref().map(|params| (BOOK, &params[..])));
        queries.push((sql!("products", "import_rows"), &rows));
        let mut answers = write.run(&queries).await?;
        Ok(Outcome::of(batch, &answers.pop().unwrap_or_default(), self.format))
    }

    const fn format_name(&self) -> &'static str {
        match self.format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }
}

const BOOK: Sql = sql!("products", "import_progress");

/// What a batch came to, for the run's account.
struct Booking {
    id: Uuid,
    first: i64,
    next: i64,
    counts: Value,
    errors: Value,
}

impl Booking {
    fn new(id: Uuid, batch: &Batch, outcome: &Outcome) -> Self {
        let (first, next) = (batch.first_line.cast_signed(), batch.next_line.cast_signed());
        let (counts, errors) = (value!(outcome.counts), value!(outcome.errors));
        Self { id, first, next, counts, errors }
    }

    fn params(&self) -> [Param<'_>; 5] {
        [
            p::uuid(&self.id),
            p::int8(&self.first),
            p::int8(&self.next),
            p::json(&self.counts),
            p::json(&self.errors),
        ]
    }
}

fn within_limit(counts: &Counts) -> Result<()> {
    if counts.total() <= MOST {
        return Ok(());
    }
    let text = "More than 20,000 rows. Split the file, or load it with wealth import products.";
    Err(Problem::new(&problem::PAYLOAD_TOO_LARGE, text))
}

fn unreadable(error: HeaderError) -> Problem {
    let mut text = error.to_string();
    text[..1].make_ascii_uppercase();
    Problem::new(&problem::VALIDATION_FAILED, format!("{text}."))
}
