//! People of another system, with the hashes of their passwords. Needs no account of its own: a row
//! that was loaded says so when it comes again, so the same command goes on after any end.

use std::fs::File;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use wealth_core::authz::ImportUsers;
use wealth_core::import::{self, People, RowError, RowFailure, Rows};
use wealth_db::{DbError, Row, p, sql};

use super::actor::Actor;
use super::file::Input;
use super::load::{PAUSES, bar};
use super::report::Report;
use super::target::Target;
use super::{Arguments, INTERRUPTED, ROWS_FAILED};
use crate::command::token::Who;
use crate::output::say;
use crate::signals::Signals;

/// The issuer of sign-ins with a password, where `ISSUER_URL` does not say which address it has. A
/// name only: such a sign-in is recognised by its user.
const ISSUER: &str = "urn:wealth:local";

/// What became of the rows.
#[derive(Debug, Default)]
struct Counts {
    created: usize,
    unchanged: usize,
    failed: usize,
}

/// Rows of the file that are loaded together.
#[derive(Default)]
struct Batch {
    rows: Vec<Value>,
    errors: Vec<RowError>,
    failed: usize,
    first_line: u64,
}

/// Loads a file of people.
pub(super) async fn run(arguments: Arguments, mut signals: Signals) -> Result<ExitCode> {
    let input = Input::open(arguments.file, arguments.format)?;
    let mut rows = open(&input)?;
    let issuer = std::env::var("ISSUER_URL").ok().filter(|url| !url.is_empty());
    let issuer = issuer.unwrap_or_else(|| ISSUER.to_owned());
    let target = Target::open().await?;
    let (tenant, person) = target.who(arguments.tenant, arguments.act_as, Who::Admin)?;
    let actor = Actor::find::<ImportUsers>(&target.db, &tenant, &person).await?;
    let mut report = Report::new(arguments.report, &input.path);
    let bar = bar(&input);
    let mut counts = Counts::default();
    let mut stopped = None;
    while let Some(mut batch) = next(&mut rows, &issuer, arguments.batch.into())? {
        let answer = tokio::select! {
            // What is cancelled is rolled back, or was loaded and says so next time.
            biased;
            _ = signals.next() => {
                stopped = Some(batch.first_line);
                break;
            }
            answer = load(&actor, &batch, arguments.dry_run) => answer?,
        };
        note(&mut counts, &mut batch, &answer);
        report.add(&batch.errors)?;
        bar.set_position(rows.bytes_read());
    }
    bar.finish_and_clear();
    report.close()?;
    target.stop().await;
    if let Some(line) = stopped {
        say(&format!("stopped before line {line}; the same command goes on from there"));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(conclude(&counts, &report, arguments.dry_run))
}

fn open(input: &Input) -> Result<Rows<File, People>> {
    let path = input.path.display();
    let file = File::open(&input.path).with_context(|| format!("{path}"))?;
    import::people(file, input.format).with_context(|| format!("{path}"))
}

/// The next rows; none at the end of the file.
fn next(rows: &mut Rows<File, People>, issuer: &str, most: usize) -> Result<Option<Batch>> {
    let mut batch = Batch::default();
    while batch.rows.len() + batch.failed < most {
        let line = match rows.next() {
            None => break,
            Some(Ok(row)) => {
                let mut person = json!(row.value);
                person["line"] = json!(row.line);
                person["issuer"] = json!(issuer);
                batch.rows.push(person);
                row.line
            }
            Some(Err(RowFailure::Bad(errors))) => {
                let line = errors.first().map_or(0, |error| error.line);
                batch.errors.extend(errors);
                batch.failed += 1;
                line
            }
            Some(Err(RowFailure::Io(error))) => return Err(error.into()),
        };
        if batch.first_line == 0 {
            batch.first_line = line;
        }
    }
    Ok((batch.first_line > 0).then_some(batch))
}

/// One transaction, tried again when the connection or a race was lost: rows that were loaded after
/// all are unchanged then. A dry run is rolled back.
async fn load(actor: &Actor, batch: &Batch, dry_run: bool) -> Result<Vec<Row>> {
    let rows = json!(batch.rows);
    let mut pauses = PAUSES.iter();
    loop {
        let mut tx = actor.begin("import_users");
        let (params, query) = ([p::json(&rows)], sql!("users", "import_people"));
        let answer = match dry_run {
            true => tx.query(query, &params).await,
            false => tx.query_and_commit(query, &params).await,
        };
        let error = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let heals = matches!(
            error,
            DbError::Unavailable(_)
                | DbError::UnknownOutcome
                | DbError::Contention(_)
                | DbError::Timeout(_)
        );
        let Some(pause) = pauses.next().filter(|_| heals) else {
            let line = batch.first_line;
            return Err(error).with_context(|| {
                format!(
                    "rows from line {line} on were not loaded; the same command goes on from there"
                )
            });
        };
        tokio::time::sleep(Duration::from_millis(*pause)).await;
    }
}

/// Counts what was answered, and puts the errors of the database among those of the file.
fn note(counts: &mut Counts, batch: &mut Batch, answer: &[Row]) {
    counts.failed += batch.failed;
    for row in answer {
        match row.get::<_, &str>("status") {
            "created" => counts.created += 1,
            "unchanged" => counts.unchanged += 1,
            _ => {
                counts.failed += 1;
                batch.errors.push(RowError {
                    line: row.get::<_, i64>("line").unsigned_abs(),
                    column: row.get("column_name"),
                    code: row.get("code"),
                    message: row.get("message"),
                });
            }
        }
    }
    batch.errors.sort_by_key(|error| error.line);
}

fn conclude(counts: &Counts, report: &Report, dry_run: bool) -> ExitCode {
    let Counts { created, unchanged, failed } = counts;
    let verb = if dry_run { "would be" } else { "were" };
    let total = created + unchanged + failed;
    say(&format!("{total} rows: {created} {verb} created, {unchanged} unchanged, {failed} failed"));
    if let Some(path) = report.written() {
        say(&format!("what is wrong: {}", path.display()));
    }
    if *failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(ROWS_FAILED) }
}
