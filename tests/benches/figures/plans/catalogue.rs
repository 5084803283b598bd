//! Every list and search of the catalogue, with the filters that choose another plan.

use anyhow::{Context as _, Result};
use tokio_postgres::Client;

use super::{Case, Data, TENANT, USER};

/// Products and their rates.
pub(super) const DATA: Data = Data {
    what: "products",
    sizes: ["10 k", "100 k", "1 M"],
    fill: include_str!("catalogue.sql"),
    tables: "tenants.tenants products.products products.product_availability products.product_versions \
             products.terms_versions products.product_comparisons rates.rate_history rates.rate_changes",
    expensive: Some(["products.product_availability", "product_availability_no_overlap"]),
    small: &["tenants", "users", "roles", "rate_feeds"],
    whole_firm: &[],
};

/// One case a line.
#[allow(clippy::too_many_lines, reason = "one case a line")]
pub(super) async fn cases(superuser: &Client) -> Result<Vec<Case>> {
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
            add(name, role, sql!("products", "list"), format!("({arguments}, 51, null)"));
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
        let rate = format!("('{product}', null, null, null)");
        add("rate in force", role, sql!("rates", "current"), rate);
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
