//! `wealth import products` against COPY of the very rows that it wrote, into the same tables with
//! their indexes, checks and foreign keys; and where the difference goes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use futures_util::{SinkExt as _, TryStreamExt as _};
use testkit::Firm;
use testkit::database::{LOGIN, TestDatabase};
use tokio::process::Command;
use tokio_postgres::Client;

use crate::report::{Limit, Report};
use crate::server::cpu_of;
use crate::world::{release_binary, rest};

/// Rows that are timed.
const ROWS: u32 = 40_000;
/// Rows that memory is judged by.
const MANY: u32 = 1_000_000;

/// What an import writes: the facts, their history, and the record of who did it.
const FACTS: [&str; 3] =
    ["products.products", "rates.rate_history", "products.product_availability"];
const HISTORY: [&str; 1] = ["products.product_versions"];
const AUDIT: [&str; 1] = ["audit.audit_events"];

#[allow(clippy::too_many_lines, reason = "one figure a line")]
/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section(&format!("Import of {ROWS} products by CSV"));
    let database = TestDatabase::new().await;
    let superuser = database.superuser().await;
    let file = write_csv("new", ROWS, "")?;
    let changed = write_csv("changed", ROWS, " II")?;
    let small = in_use(&database).await?;
    let new = import(&database, &file).await?;
    superuser.batch_execute("vacuum analyze").await?;
    let rows = per_second(ROWS, new.elapsed);
    report.figure("new rows", rows, "rows/s", Limit::None);
    report.figure(
        "new rows, processor time of the importer",
        new.cpu_micros(ROWS),
        "us/row",
        Limit::None,
    );

    report.figure("peak memory of the importer", new.peak, "MB", Limit::AtMost(64.0));
    let name = "  the same for 500 rows";
    report.figure(name, small.peak, "MB", Limit::None);

    let copies = copies(&superuser).await?;
    report.figure(
        "  COPY: products, rates, windows",
        per_second(ROWS, copies.facts),
        "rows/s",
        Limit::None,
    );
    let with_history = copies.facts + copies.history;
    report.figure(
        "  COPY: and versions (history)",
        per_second(ROWS, with_history),
        "rows/s",
        Limit::None,
    );
    let all = with_history + copies.audit;
    report.figure("  COPY: and audit events", per_second(ROWS, all), "rows/s", Limit::None);
    report.figure(
        "  INSERT of the facts, triggers off",
        per_second(ROWS, copies.insert),
        "rows/s",
        Limit::None,
    );
    report.figure(
        "  INSERT of the facts, row level security on",
        per_second(ROWS, copies.fenced),
        "rows/s",
        Limit::None,
    );
    let name = "  INSERT of the facts, and triggers (audit, no gap)";
    report.figure(name, per_second(ROWS, copies.triggered), "rows/s", Limit::None);
    let ratio = |time: Duration| all.as_secs_f64() / time.as_secs_f64();
    report.figure(
        "new rows against COPY of the same rows",
        ratio(new.elapsed),
        "x",
        Limit::AtLeast(0.9),
    );

    let upserted = import(&database, &changed).await?;
    report.figure("upserts", per_second(ROWS, upserted.elapsed), "rows/s", Limit::None);
    report.figure(
        "upserts against COPY of the same rows",
        ratio(upserted.elapsed),
        "x",
        Limit::AtLeast(0.5),
    );
    let again = import(&database, &changed).await?;
    report.figure(
        "the same rows again (unchanged)",
        per_second(ROWS, again.elapsed),
        "rows/s",
        Limit::None,
    );
    std::fs::remove_file(file)?;
    std::fs::remove_file(changed)?;
    Ok(())
}

/// Runs the section that takes longest.
pub(crate) async fn million(report: &mut Report) -> Result<()> {
    report.section(&format!("Import of {MANY} products by CSV"));
    let database = TestDatabase::new().await;
    in_use(&database).await?;
    let file = write_csv("many", MANY, "")?;
    let run = import(&database, &file).await?;
    report.figure("1,000,000 new rows", per_second(MANY, run.elapsed), "rows/s", Limit::None);
    report.figure("peak memory of that import", run.peak, "MB", Limit::AtMost(64.0));
    Ok(std::fs::remove_file(file)?)
}

/// A database in use has statistics; without any, the planner looks up rates by date and a first
/// import takes the square of its length, until autovacuum comes round (here it is off).
async fn in_use(database: &TestDatabase) -> Result<Run> {
    let first = write_csv("first", 500, "")?;
    let run = import(database, &first).await?;
    database.superuser().await.batch_execute("vacuum analyze").await?;
    std::fs::remove_file(first)?;
    Ok(run)
}

fn per_second(rows: u32, time: Duration) -> f64 {
    f64::from(rows) / time.as_secs_f64()
}

fn write_csv(name: &str, rows: u32, suffix: &str) -> Result<PathBuf> {
    let mut text =
        "cusip,product_name,product_type,product_subtype,issuer,minimum_investment,base_rate,\
                    bonus_rate,rate_effective_date,availability_start,availability_end\n"
            .to_owned();
    for number in 1..=rows {
        let cusip = testkit::cusip(number);
        let rate = number % 700;
        writeln!(
            text,
            "{cusip},Harbor CD {number}{suffix},CD,BankCD,Issuer {},1000.00,{}.{:02}00,0.5000,2026-01-01,2026-01-01,2099-12-31",
            number % 50,
            rate / 100,
            rate % 100
        )?;
    }
    let file = std::env::temp_dir().join(format!("wealth-bench-{}-{name}.csv", std::process::id()));
    std::fs::write(&file, text)?;
    Ok(file)
}

struct Run {
    elapsed: Duration,
    cpu: Duration,
    /// Megabytes.
    peak: f64,
}

impl Run {
    fn cpu_micros(&self, rows: u32) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / f64::from(rows)
    }
}

/// Runs the command line and watches its process.
async fn import(database: &TestDatabase, file: &Path) -> Result<Run> {
    let started = Instant::now();
    let mut child = Command::new(release_binary("wealth")?)
        .args(["import", "products"])
        .arg(file)
        .args(["--tenant", &Firm::Meridian.tenant_id().to_string(), "--as", "admin@a.test"])
        .env("DATABASE_URL", database.url(LOGIN).await)
        .env("DB_ALLOW_BELOW_FLOOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let pid = child.id().context("the importer has ended")?;
    let (mut cpu, mut peak) = (Duration::ZERO, 0.0);
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            () = rest(20) => {
                cpu = cpu_of(pid).unwrap_or(cpu);
                peak = high_water(pid).unwrap_or(peak);
            }
        }
    };
    let elapsed = started.elapsed();
    if !status.success() {
        let mut text = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            tokio::io::AsyncReadExt::read_to_string(&mut stderr, &mut text).await?;
        }
        anyhow::bail!("wealth import: {status}: {text}");
    }
    Ok(Run { elapsed, cpu, peak })
}

fn high_water(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1024.0)
}

/// Times of putting the same rows back by other means.
struct Copies {
    facts: Duration,
    history: Duration,
    audit: Duration,
    insert: Duration,
    fenced: Duration,
    triggered: Duration,
}

async fn copies(written: &Client) -> Result<Copies> {
    let database = TestDatabase::new().await;
    let empty = database.superuser().await;
    for table in FACTS.iter().chain(&HISTORY).chain(&AUDIT) {
        // Foreign keys stay; what the project adds rests.
        empty.batch_execute(&format!("alter table {table} disable trigger user")).await?;
    }
    let facts = copy_all(written, &empty, &FACTS).await?;
    let history = copy_all(written, &empty, &HISTORY).await?;
    let audit = copy_all(written, &empty, &AUDIT).await?;
    let (insert, fenced, triggered) = inserts(&empty).await?;
    Ok(Copies { facts, history, audit, insert, fenced, triggered })
}

/// Columns that can be written.
async fn columns(client: &Client, table: &str) -> Result<String> {
    let text = format!(
        "select string_agg(attname::text, ', ' order by attnum) from pg_attribute
          where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
    );
    Ok(client.query_typed(&text, &[]).await?.first().context("columns")?.get(0))
}

async fn copy_all(from: &Client, to: &Client, tables: &[&str]) -> Result<Duration> {
    let mut time = Duration::ZERO;
    for table in tables {
        let columns = columns(from, table).await?;
        // The seed left events of its own, which the other database has as well.
        let ours = if *table == AUDIT[0] {
            " where resource_type in ('products', 'rate_history', 'product_availability')"
        } else {
            ""
        };
        let text = format!("copy (select {columns} from {table}{ours}) to stdout");
        let chunks: Vec<Bytes> = from.copy_out(&text).await?.try_collect().await?;
        let rows: usize = chunks.len();
        ensure!(rows > 0, "{table} is empty");
        // In pieces of a size that psql would send.
        let joined: Vec<Bytes> =
            chunks.chunks(500).map(|part| Bytes::from(part.concat())).collect();
        let started = Instant::now();
        let sink = to.copy_in::<_, Bytes>(&format!("copy {table} ({columns}) from stdin")).await?;
        let mut sink = std::pin::pin!(sink);
        for part in joined {
            sink.send(part).await?;
        }
        sink.finish().await?;
        time += started.elapsed();
    }
    Ok(time)
}

/// The facts moved out and in again by INSERT … SELECT: as superuser, as the owner behind the
/// fence, and with every trigger.
async fn inserts(client: &Client) -> Result<(Duration, Duration, Duration)> {
    let tenant = Firm::Meridian.tenant_id();
    let (mut away, mut empty, mut back) = (String::new(), String::new(), String::new());
    for table in FACTS {
        let columns = columns(client, table).await?;
        let name = table.replace('.', "_");
        write!(
            away,
            "create unlogged table public.{name} as select {columns} from {table};
             grant select on public.{name} to wealth_owner;"
        )?;
        write!(back, "insert into {table} ({columns}) select {columns} from public.{name};")?;
    }
    for table in FACTS.iter().rev() {
        write!(empty, "delete from {table};")?;
    }
    client.batch_execute(&format!("delete from products.product_versions; {away}")).await?;
    let mut times = Vec::new();
    for (owner, triggers) in [(false, false), (true, false), (true, true)] {
        client.batch_execute(&empty).await?;
        client.batch_execute("vacuum").await?;
        let setting = if triggers { "enable" } else { "disable" };
        for table in FACTS {
            client.batch_execute(&format!("alter table {table} {setting} trigger user")).await?;
        }
        let role = if owner { "set local role wealth_owner;" } else { "" };
        let started = Instant::now();
        client
            .batch_execute(&format!(
                "begin; {role} select set_config('app.current_tenant_id', '{tenant}', true); {back} commit"
            ))
            .await?;
        times.push(started.elapsed());
        for table in FACTS {
            client.batch_execute(&format!("alter table {table} disable trigger user")).await?;
        }
    }
    Ok((times[0], times[1], times[2]))
}
