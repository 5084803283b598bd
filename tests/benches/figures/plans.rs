//! Plans of every list and search at three sizes: 10, 100 and 1,000 firms of a thousand products.
//! What one request reads must not grow with what other firms have: a plan is a fact, not a time,
//! so a sequential scan or a count of blocks that grows faster than the height of an index fails.

use anyhow::{Context as _, Result};
use serde_json::Value;
use testkit::database::{LOGIN, TestDatabase};
use wealth_db::Sql;

use crate::report::{Limit, Report, load_average};

/// As `wealth_db::sql!`, from where this crate lies.
macro_rules! sql {
    ($context:literal, $name:literal) => {
        Sql {
            name: concat!($context, ".", $name),
            text: include_str!(concat!("../../../sql/", $context, "/queries/", $name, ".sql")),
        }
    };
}

/// Firms at each size.
const SIZES: [u32; 3] = [10, 100, 1000];
const TENANT: &str = "00000000-0000-7000-8001-000000000005";
const USER: &str = "00000000-0000-7000-9000-00000000be00";
/// Blocks of an index may grow with its height: log 1,000,000 / log 10,000, and a few for chance.
const GROWTH: f64 = 1.5;
const CHANCE: f64 = 12.0;

/// A statement with arguments as SQL text, run as one of two roles.
struct Case {
    name: &'static str,
    role: &'static str,
    sql: Sql,
    arguments: String,
}

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section("Blocks read per request as the catalogue grows");
    let database = TestDatabase::new().await;
    let superuser = database.superuser().await;
    let (app, connection) =
        tokio_postgres::connect(&database.url(LOGIN).await, tokio_postgres::NoTls).await?;
    let _driver = tokio::spawn(connection);
    let (mut filled, mut table): (u32, Vec<Vec<Measured>>) = (0, Vec::new());
    let mut cases = Vec::new();
    for size in SIZES {
        fill(&superuser, filled + 1, size).await?;
        filled = size;
        if cases.is_empty() {
            member(&superuser).await?;
            cases = all_cases(&superuser).await?;
        }
        let mut column = Vec::new();
        for case in &cases {
            column.push(explain(&app, case).await.with_context(|| case.name)?);
        }
        table.push(column);
    }
    print(report, &cases, &table);
    Ok(())
}

async fn fill(superuser: &tokio_postgres::Client, first: u32, last: u32) -> Result<()> {
    let text = include_str!("catalogue.sql").replace(":first", &first.to_string());
    let text = text.replace(":last", &last.to_string());
    let text = text.replace(":windows", if last < 1000 { "true" } else { "false" });
    superuser.batch_execute(&text).await.with_context(|| format!("firms {first} to {last}"))?;
    superuser.batch_execute("vacuum analyze").await.context("statistics")
}

/// Two people of the firm that is looked at.
async fn member(superuser: &tokio_postgres::Client) -> Result<()> {
    let text = format!(
        "select users.put_member('{TENANT}', '{USER}', 'admin@bench.test', 'Ada', 'Admin', 'local', 'bench', 'admin',
                                 '{{ProductAdministrator}}', 'bench');
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

/// The plan that the unnamed statement gets: made for these very values.
async fn explain(app: &tokio_postgres::Client, case: &Case) -> Result<Measured> {
    let (subject, role) = match case.role {
        "rep" => ("rep", "SalesRepresentative"),
        _ => ("admin", "ProductAdministrator"),
    };
    let prepare = format!(
        "begin read only; set local plan_cache_mode = force_custom_plan;
         select platform.begin_request('{TENANT}', 'bench', '{subject}', '{{{role}}}', true,
             '2026-11-21T12:00:00Z', gen_random_uuid(), null, null, 'bench', 'plans');
         prepare looked_at as {}",
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
    walk(root, &mut measured);
    Ok(measured)
}

/// The index that is not made at a million rows.
const LEFT_OUT: &str = "product_availability_no_overlap";
/// Tables so small that reading them whole is right.
const SMALL: [&str; 4] = ["tenants", "users", "roles", "rate_feeds"];

fn walk(node: &Value, measured: &mut Measured) {
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    if text("Node Type") == "Seq Scan" && !SMALL.contains(&text("Relation Name").as_str()) {
        measured.scans.push(text("Relation Name"));
    }
    if text("Index Name") == LEFT_OUT {
        measured.exclusions.push(text("Index Name"));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        walk(child, measured);
    }
}

fn print(report: &mut Report, cases: &[Case], table: &[Vec<Measured>]) {
    let [small, middle, large] = table else { return };
    println!("  load {:.2}; products in all: 10 thousand, 100 thousand, 1 million", load_average());
    println!(
        "  {:<52} {:>5} {:>7} {:>7} {:>7} {:>9}",
        "blocks at", "rows", "10 k", "100 k", "1 M", "ms at 1 M"
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
                report.missing(&name, &format!("uses {index}, which is not there at 1 M"));
            }
        }
    }
    for (place, case) in cases.iter().enumerate() {
        let (least, most) = (small[place].blocks, large[place].blocks);
        let name = format!("blocks of {} ({})", case.name, case.role);
        report.figure(&name, most, "at 1 M", Limit::Gate((least * GROWTH + CHANCE).floor()));
    }
}

#[allow(clippy::too_many_lines, reason = "one case a line")]
/// Every list and search, with the filters that choose another plan.
async fn all_cases(superuser: &tokio_postgres::Client) -> Result<Vec<Case>> {
    let text = format!(
        "select product_id::text, cusip from products.products where tenant_id = '{TENANT}' and cusip like '00000005%'"
    );
    let rows = superuser.query_typed(&text, &[]).await?;
    let product: String = rows.first().context("a product")?.get(0);
    let cusip: String = rows[0].get(1);
    let mut cases = Vec::new();
    let mut add =
        |name, role, sql, arguments: String| cases.push(Case { name, role, sql, arguments });
    for role in ["admin", "rep"] {
        let mut list = |name, arguments: &str| {
            add(name, role, sql!("products", "list"), format!("({arguments}, 51)"));
        };
        list("products list", "null,null,null,null,null,null,null,null, null,null,null");
        list("products list, type", "'CD',null,null,null,null,null,null,null, null,null,null");
        list(
            "products list, subtype",
            "'CD','BankCD',null,null,null,null,null,null, null,null,null",
        );
        list(
            "products list, active on a day",
            "null,null,'2026-11-21',null,null,null,null,null, null,null,null",
        );
        list("products list, active", "null,null,null,true,null,null,null,null, null,null,null");
        list("products list, inactive", "null,null,null,false,null,null,null,null, null,null,null");
        list("products list, rate range", "'CD',null,null,null,4,5,null,null, null,null,null");
        list("products list, amount", "null,null,null,null,null,null,2500,null, null,null,null");
        list(
            "products list, all filters",
            "'CD','BankCD','2026-11-21',true,1,6,2500,null, null,null,null",
        );
        list(
            "products list, second page",
            "null,null,null,null,null,null,null,null, 'CD',-30000,'7fffffff-0000-0000-0000-000000000000'",
        );
        list(
            "products search, words found often",
            "null,null,null,null,null,null,null,'{harbor}', null,null,null",
        );
        list(
            "products search, words found rarely",
            "null,null,null,null,null,null,null,'{granite,guarantee}', null,null,null",
        );
        list(
            "products search, words found nowhere",
            "null,null,null,null,null,null,null,'{nowhere}', null,null,null",
        );
        let mut sheet = |name, arguments: &str| {
            add(name, role, sql!("products", "active_sheet"), format!("({arguments}, 51)"));
        };
        sheet("active sheet", "null,null,null, null,null,null");
        sheet("active sheet, type and rates", "'CD',1,6, null,null,null");
        sheet(
            "active sheet, second page",
            "null,null,null, 'CD',-30000,'7fffffff-0000-0000-0000-000000000000'",
        );
        add("product", role, sql!("products", "get_by_id"), format!("('{product}')"));
        add("product by CUSIP", role, sql!("products", "get_by_cusip"), format!("('{cusip}')"));
        add(
            "rates list",
            role,
            sql!("rates", "list"),
            "(platform.business_date(), null, null, 51)".to_owned(),
        );
        add(
            "rates list, as known",
            role,
            sql!("rates", "list"),
            "('2026-11-21', '2026-01-10', null, 51)".to_owned(),
        );
        add(
            "rates list, second page",
            role,
            sql!("rates", "list"),
            "('2026-11-21', null, '7fffffff-0000-0000-0000-000000000000', 51)".to_owned(),
        );
        add(
            "rates of a product",
            role,
            sql!("rates", "timeline"),
            format!("('{product}', null, null, null, 51)"),
        );
        add("rate in force", role, sql!("rates", "current"), format!("('{product}', null, null)"));
    }
    let mut admin = |name, sql, arguments: String| add(name, "admin", sql, arguments);
    admin(
        "history of a product's rates",
        sql!("rates", "history_all"),
        format!("('{product}', null, null, 51)"),
    );
    admin(
        "rates of a product, as known",
        sql!("rates", "timeline"),
        format!("('{product}', '2026-01-10', null, null, 51)"),
    );
    admin("continuity of a product's rates", sql!("rates", "continuity"), format!("('{product}')"));
    let changes = |filters: &str| format!("({filters}, null, 51)");
    admin("rate changes", sql!("rates", "changes_list"), changes("null,null,null"));
    admin("rate changes, pending", sql!("rates", "changes_list"), changes("'pending',null,null"));
    admin(
        "rate changes of a product",
        sql!("rates", "changes_list"),
        changes(&format!("null,'{product}',null")),
    );
    admin(
        "rate changes, pending, by feeds",
        sql!("rates", "changes_list"),
        changes("'pending',null,'feed'"),
    );
    let page = |filters: &str| format!("({filters}, null, null, 51, true)");
    admin("comparisons", sql!("products", "comparison_list"), page("null, null"));
    admin("comparisons of a day", sql!("products", "comparison_list"), page("null, '2026-11-05'"));
    admin(
        "comparisons of a person",
        sql!("products", "comparison_list"),
        page(&format!("'{USER}', null")),
    );
    admin(
        "product versions",
        sql!("products", "versions_list"),
        format!("('{product}', null, 51)"),
    );
    admin("terms of a product", sql!("products", "terms_list"), format!("('{product}', null, 51)"));
    admin(
        "windows of a product",
        sql!("products", "availability_list"),
        format!("('{product}', null, null, 51)"),
    );
    Ok(cases)
}
