//! Plans of every list and search at three sizes: 10, 100 and 1,000 firms with a thousand products or
//! members each. What one request reads must not grow with what other firms have: a plan is a fact,
//! not a time, so a sequential scan or a count of blocks that grows faster than the height of an
//! index fails.

use anyhow::{Context as _, Result};
use serde_json::Value;
use testkit::database::{LOGIN, TestDatabase};
use tokio_postgres::Client;
use wealth_db::Sql;

use crate::report::{Limit, Report, load_average};

/// As `wealth_db::sql!`, from where this crate lies.
macro_rules! sql {
    ($context:literal, $name:literal) => {
        wealth_db::Sql {
            name: concat!($context, ".", $name),
            text: include_str!(concat!("../../../../sql/", $context, "/queries/", $name, ".sql")),
        }
    };
}

mod audit;
mod catalogue;
mod people;

/// Firms at each size.
const SIZES: [u32; 3] = [10, 100, 1000];
const TENANT: &str = "00000000-0000-7000-8001-000000000005";
const USER: &str = "00000000-0000-7000-9000-00000000be00";
/// Blocks of an index may grow with its height: log 1,000,000 / log 10,000, and a few for chance.
const GROWTH: f64 = 1.5;
const CHANCE: f64 = 12.0;
/// What a firm has at every size, and the blocks that one of them may cost whoever goes through all.
const OF_A_FIRM: f64 = 1_000.0;
const EACH: f64 = 10.0;

/// What grows.
struct Data {
    /// What there is more and more of.
    what: &'static str,
    /// How many in all.
    sizes: [&'static str; 3],
    /// Lays down firms `:first` to `:last`.
    fill: &'static str,
    /// The tables that it fills.
    tables: &'static str,
    /// The one whose exclusion constraint is not made at a million rows, and its index: one that no
    /// plan uses.
    expensive: Option<[&'static str; 2]>,
    /// Tables that may be read whole at any size here.
    small: &'static [&'static str],
    /// Cases that sort or count all that the firm has, which may take [`EACH`] blocks for each.
    whole_firm: &'static [&'static str],
}

/// A statement with arguments as SQL text, run as one of three roles.
struct Case {
    name: &'static str,
    role: &'static str,
    sql: Sql,
    arguments: String,
}

/// A database and two ways into it.
struct Place {
    superuser: Client,
    app: Client,
    _database: TestDatabase,
}

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section("Blocks read per request as the catalogue grows");
    grow(report, &catalogue::DATA, catalogue::cases).await?;
    report.section("Blocks read per request as people grow");
    let place = grow(report, &people::DATA, people::cases).await?;
    people::a_million_sessions(report, &place).await.context("a million sessions")
}

/// Runs the section of ten million events.
pub(crate) async fn run_audit(report: &mut Report) -> Result<()> {
    report.section("Blocks read per question as an audit log of 84 months grows");
    grow(report, &audit::DATA, audit::cases).await.map(drop)
}

async fn grow(
    report: &mut Report,
    data: &Data,
    all_cases: impl AsyncFn(&Client) -> Result<Vec<Case>>,
) -> Result<Place> {
    let database = TestDatabase::new().await;
    let superuser = database.superuser().await;
    let (app, connection) =
        tokio_postgres::connect(&database.url(LOGIN).await, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let (mut filled, mut table): (u32, Vec<Vec<Measured>>) = (0, Vec::new());
    let mut cases = Vec::new();
    for size in SIZES {
        fill(&superuser, data, filled + 1, size).await?;
        filled = size;
        if cases.is_empty() {
            member(&superuser).await?;
            cases = all_cases(&superuser).await?;
        }
        let mut column = Vec::new();
        for case in &cases {
            column.push(explain(&app, data, case).await.with_context(|| case.name)?);
        }
        table.push(column);
    }
    print(report, data, &cases, &table);
    Ok(Place { superuser, app, _database: database })
}

async fn fill(superuser: &Client, data: &Data, first: u32, last: u32) -> Result<()> {
    let all = [include_str!("set_aside.sql"), data.fill, include_str!("set_back.sql")].concat();
    let text = all.replace(":first", &first.to_string()).replace(":last", &last.to_string());
    let text = text.replace(":tables", data.tables);
    let all = last < 1000 || data.expensive.is_none();
    let expensive = data.expensive.map_or(data.what, |[table, _]| table);
    let text = text.replace(":all", &all.to_string()).replace(":expensive", expensive);
    superuser.batch_execute(&text).await.with_context(|| format!("firms {first} to {last}"))?;
    superuser.batch_execute("vacuum analyze").await.context("statistics")
}

/// People of the firm that is looked at.
async fn member(superuser: &Client) -> Result<()> {
    let text = format!(
        "select users.put_member('{TENANT}', '{USER}', 'admin@bench.test', 'Ada', 'Admin', 'local', 'bench', 'admin',
                                 '{{ProductAdministrator,SystemAdministrator}}', 'bench');
         select users.put_member('{TENANT}', '00000000-0000-7000-9000-00000000be01', 'rep@bench.test', 'Dot', 'Rep',
                                 'local', 'bench', 'rep', '{{SalesRepresentative}}', 'bench');"
    );
    superuser.batch_execute(&text).await.context("members")
}

#[derive(Default)]
struct Measured {
    blocks: f64,
    rows: f64,
    millis: f64,
    scans: Vec<String>,
    exclusions: Vec<String>,
}

/// What every transaction starts with, for one of the three roles.
fn request(role: &str) -> String {
    let (subject, role) = match role {
        "rep" => ("rep", "SalesRepresentative"),
        "system" => ("admin", "SystemAdministrator"),
        _ => ("admin", "ProductAdministrator"),
    };
    format!(
        "select platform.begin_request('{TENANT}', 'bench', '{subject}', '{{{role}}}', true,
             '2026-11-21T12:00:00Z', gen_random_uuid(), null, null, 'bench', 'plans');"
    )
}

/// The plan that the unnamed statement gets: made for these very values.
async fn explain(app: &Client, data: &Data, case: &Case) -> Result<Measured> {
    let prepare = format!(
        "begin read only; set local plan_cache_mode = force_custom_plan; {}
         prepare looked_at as {}",
        request(case.role),
        case.sql.text
    );
    app.batch_execute(&prepare).await?;
    let execute = format!("execute looked_at{}", case.arguments);
    // Twice: the first run also reads what the planner wants to know.
    app.batch_execute(&execute).await?;
    let text = format!("explain (analyze, buffers, format json) {execute}");
    let messages = app.simple_query(&text).await?;
    app.batch_execute("rollback; deallocate looked_at").await?;
    let row = messages.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = serde_json::from_str(row.context("no plan")?)?;
    let plan = &plan[0];
    let number = |value: &Value| value.as_f64().unwrap_or(0.0);
    let root = &plan["Plan"];
    let mut measured = Measured {
        blocks: number(&root["Shared Hit Blocks"]) + number(&root["Shared Read Blocks"]),
        rows: number(&root["Actual Rows"]),
        millis: number(&plan["Execution Time"]),
        ..Measured::default()
    };
    walk(root, data, &mut measured);
    Ok(measured)
}

/// Rows of a table that may as well be read whole.
const FEW: f64 = 1_000.0;

/// Rows that a node reads each time.
fn read(node: &Value) -> f64 {
    let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
    number("Actual Rows") + number("Rows Removed by Filter")
}

fn walk(node: &Value, data: &Data, measured: &mut Measured) {
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let relation = text("Relation Name");
    let small = data.small.contains(&relation.as_str()) || read(node) <= FEW;
    if text("Node Type") == "Seq Scan" && !small {
        measured.scans.push(relation);
    }
    if data.expensive.is_some_and(|[_, index]| text("Index Name") == index) {
        measured.exclusions.push(text("Index Name"));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        walk(child, data, measured);
    }
}

fn print(report: &mut Report, data: &Data, cases: &[Case], table: &[Vec<Measured>]) {
    let [small, middle, large] = table else { return };
    let (what, [first, second, third]) = (data.what, data.sizes);
    println!("  load {:.2}; {what} in all: {first}, {second}, {third}", load_average());
    println!(
        "  {:<52} {:>5} {first:>7} {second:>7} {third:>7} {:>9}",
        "blocks at", "rows", "ms, last"
    );
    for (place, case) in cases.iter().enumerate() {
        let all = [&small[place], &middle[place], &large[place]];
        let [a, b, c] = all;
        let name = format!("{} ({})", case.name, case.role);
        println!(
            "  {name:<52} {:>5} {:>7} {:>7} {:>7} {:>9.2}",
            c.rows, a.blocks, b.blocks, c.blocks, c.millis
        );
        for found in all {
            if let Some(relation) = found.scans.first() {
                report.missing(&name, &format!("reads all of {relation}"));
            }
            if let Some(index) = found.exclusions.first() {
                report.missing(&name, &format!("uses {index}, which is not there at {third}"));
            }
        }
    }
    for (place, case) in cases.iter().enumerate() {
        let (least, most) = (small[place].blocks, large[place].blocks);
        let name = format!("blocks of {} ({})", case.name, case.role);
        // Where few firms make another way through all of them cheaper, the least says nothing.
        let whole = data.whole_firm.contains(&case.name);
        let floor = if whole { OF_A_FIRM * EACH } else { 0.0 };
        let gate = (least * GROWTH + CHANCE).max(floor).floor();
        report.figure(&name, most, &format!("at {third}"), Limit::Gate(gate));
    }
}
