//! The catalogue and the rate sheet.

use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp, cusip};

use super::{create, myga, plain, with};

fn names(answer: &Answer) -> Vec<String> {
    let items = answer.body["items"].as_array().unwrap();
    items.iter().map(|item| item["product_name"].as_str().unwrap().to_owned()).collect()
}

/// Every name of a list, page by page along the Link header; `between` runs after each page.
async fn walk(client: &Client, first: &str, between: impl AsyncFn()) -> Vec<String> {
    let (mut next, mut found) = (first.to_owned(), Vec::new());
    loop {
        let page = client.get(&next).await.expect(200);
        found.extend(names(&page));
        let link = page.header("link");
        assert!(found.len() <= 1_000, "the walk does not end");
        let Some(target) = link.split(['<', '>']).nth(1) else { return found };
        assert!(link.ends_with("rel=\"next\""));
        target.clone_into(&mut next);
        between().await;
    }
}

fn product(number: u32, name: &str, kind: &str, rate: &str) -> Value {
    with(plain(number), json!({"product_name": name, "product_type": kind, "base_rate": rate}))
}

#[tokio::test]
async fn a_list_shows_the_product_without_its_long_parts() {
    let app = TestApp::new().await;
    let mut made = create(&app.admin(), myga(1)).await.body;
    for part in ["terms_and_conditions", "annuity_terms", "cd_terms", "availability"] {
        made.as_object_mut().unwrap().remove(part);
    }
    let answer = app.sales_rep().get("/v1/products").await.expect(200);
    assert_eq!(answer.body, json!({"items": [made], "next_cursor": null}));
    assert_eq!(answer.header("link"), "");
}

#[tokio::test]
async fn the_rate_sheet_shows_the_thirteen_documented_columns() {
    let app = TestApp::new().await;
    let made = create(&app.admin(), myga(1)).await.body;
    create(&app.admin(), plain(2)).await;
    let closed = json!({"availability": {"start_date": "2026-01-01", "end_date": "2026-11-20"}});
    create(&app.admin(), with(plain(3), closed)).await;
    let today = json!({"availability": {"start_date": "2026-11-21", "end_date": "2026-11-21"}});
    create(&app.admin(), with(plain(4), today)).await;
    let answer = app.sales_rep().get("/v1/products/active?type=Annuity").await.expect(200);
    let sheet = json!({
        "product_id": made["product_id"],
        "cusip": cusip(1),
        "product_name": "Secure Five",
        "product_type": "Annuity",
        "description": "Five years guaranteed.",
        "currency": "USD",
        "minimum_investment": "10000.00",
        "maximum_investment": "1000000.00",
        "base_rate": "5.2500",
        "bonus_rate": "1.0000",
        "rate_unit": "percent",
        "return_of_premium": true,
        "return_of_premium_percentage": "100.0000",
        "start_date": "2026-01-01",
        "end_date": "2026-12-31",
    });
    assert_eq!(answer.body, json!({"items": [sheet], "next_cursor": null}));
    let all = app.sales_rep().get("/v1/products/active").await.expect(200);
    assert_eq!(names(&all), ["Secure Five", "Product 4"]);
    for (query, found) in
        [("rate_min=5.25", 1), ("rate_max=5.2499", 1), ("rate_min=4&rate_max=4", 1), ("type=CD", 0)]
    {
        let answer = app.sales_rep().get(&format!("/v1/products/active?{query}")).await.expect(200);
        assert_eq!(names(&answer).len(), found, "{query}");
    }
    app.sales_rep().get("/v1/products/active?subtype=MYGA").await.expect(400);
}

#[tokio::test]
async fn each_filter_finds_what_it_names() {
    let app = TestApp::new().await;
    let admin = app.admin();
    create(&admin, myga(1)).await;
    let cd = json!({"product_type": "CD", "product_subtype": "BankCD", "cd_terms": {"term_months": 12},
        "minimum_investment": "500.00", "issuer": "Ökobank 100%", "base_rate": "4.5000"});
    create(&admin, with(plain(2), cd)).await;
    let path = create(&admin, plain(3)).await.header("location");
    admin.act(&format!("{path}/deactivate"), "*").await.expect(200);
    for (query, expected) in [
        ("", vec!["Secure Five", "Product 2", "Product 3"]),
        ("type=CD", vec!["Product 2"]),
        ("subtype=MYGA", vec!["Secure Five"]),
        ("active_on=2026-06-01", vec!["Secure Five"]),
        ("active_on=2027-01-01", vec![]),
        ("is_active=true", vec!["Secure Five", "Product 2"]),
        ("is_active=false", vec!["Product 3"]),
        ("rate_min=4.5", vec!["Secure Five", "Product 2"]),
        ("rate_max=4.5", vec!["Product 2", "Product 3"]),
        ("rate_min=4.5001&rate_max=5.2499", vec![]),
        ("amount=500", vec!["Product 2", "Product 3"]),
        ("amount=499.99", vec!["Product 3"]),
        ("amount=1000000.01", vec!["Product 2", "Product 3"]),
        ("q=secure", vec!["Secure Five"]),
        ("q=FIVE%20example", vec!["Secure Five"]),
        ("q=five%20bank", vec![]),
        ("q=%C3%B6kobank", vec!["Product 2"]),
        ("q=%25", vec!["Product 2"]),
        ("q=_", vec![]),
        ("q=%20", vec!["Secure Five", "Product 2", "Product 3"]),
        ("q=myga&type=Annuity&rate_min=5", vec!["Secure Five"]),
    ] {
        let answer = admin.get(&format!("/v1/products?{query}")).await.expect(200);
        assert_eq!(names(&answer), expected, "{query}");
    }
    let found = admin.get(&format!("/v1/products?q={}", cusip(2))).await.expect(200);
    assert_eq!(names(&found), ["Product 2"]);
    for bad in [
        "q=a%20b%20c%20d%20e%20f%20g%20h%20i",
        &format!("q={}", "x".repeat(201)),
        "amount=1.001",
        "rate_min=1e1",
    ] {
        assert_eq!(
            admin.get(&format!("/v1/products?{bad}")).await.expect(400).code(),
            "malformed_request"
        );
    }
}

#[tokio::test]
async fn sorted_by_type_then_the_highest_rate() {
    let app = TestApp::new().await;
    let admin = app.admin();
    for (number, name, kind, rate) in [
        (1, "other low", "Other", "1"),
        (2, "cd low", "CD", "2"),
        (3, "cd high", "CD", "10"),
        (4, "annuity", "Annuity", "3"),
        (5, "other high", "Other", "9.9999"),
    ] {
        create(&admin, product(number, name, kind, rate)).await;
    }
    let expected = ["annuity", "cd high", "cd low", "other high", "other low"];
    assert_eq!(names(&admin.get("/v1/products").await), expected);
    for limit in 1..=5 {
        let first = format!("/v1/products?limit={limit}");
        assert_eq!(walk(&admin, &first, async || {}).await, expected);
    }
}

#[tokio::test]
async fn a_walk_meets_every_product_once_while_others_are_added() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let open = json!({"availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"}});
    for number in 0..21 {
        let kind = ["Annuity", "CD", "Other"][number as usize % 3];
        let rate = ["4", "5", "5"][number as usize / 3 % 3];
        let body = product(number, &format!("old {number}"), kind, rate);
        create(&admin, with(body, open.clone())).await;
    }
    let next = std::sync::atomic::AtomicU32::new(100);
    let adder = async || {
        for kind in ["Annuity", "CD", "Other"] {
            let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let body = product(number, &format!("new {number}"), kind, "5");
            create(&admin, with(body, open.clone())).await;
        }
    };
    for list in ["/v1/products?limit=4", "/v1/products/active?limit=4"] {
        let found = walk(&app.sales_rep(), list, adder).await;
        let mut old: Vec<_> = found.iter().filter(|name| name.starts_with("old")).collect();
        assert_eq!(old.len(), 21, "{list}");
        old.sort();
        old.dedup();
        assert_eq!(old.len(), 21, "{list}");
        let mut all = found.clone();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), found.len(), "{list}");
    }
}

/// The rate sheet shows what is in force even before the nightly turn; its order waits for it.
#[tokio::test]
async fn the_rate_sheet_never_shows_a_stale_mirror() {
    let app = TestApp::new().await;
    let open = json!({"availability": {"start_date": "2026-01-01", "end_date": "2027-12-31"}});
    create(&app.admin(), with(plain(1), open.clone())).await;
    create(&app.admin(), with(plain(2), with(open, json!({"base_rate": "3.5000"})))).await;
    // As if a rate of 3 had ended yesterday, and the turn to the one in force were still to come.
    app.execute(&format!(
        "update products.products set base_rate = 3, rate_effective_date = '2026-11-20',
                next_rate_date = '2026-11-21' where cusip = '{}'",
        cusip(1)
    ))
    .await;
    let sheet = app.sales_rep().get("/v1/products/active").await.expect(200);
    let rates: Vec<_> =
        sheet.body["items"].as_array().unwrap().iter().map(|i| i["base_rate"].clone()).collect();
    // Sorted by what the mirror says: 3.5 before 3.
    assert_eq!(rates, [json!("3.5000"), json!("4.0000")]);

    let first = app.sales_rep().get("/v1/products/active?limit=1").await.expect(200);
    let next = format!(
        "/v1/products/active?limit=1&cursor={}",
        first.body["next_cursor"].as_str().unwrap()
    );
    let second = app.sales_rep().get(&next).await.expect(200);
    assert_eq!(second.body["items"][0], sheet.body["items"][1]);
    assert_eq!(second.body["next_cursor"], Value::Null);
}

#[tokio::test]
async fn facets_count_what_the_list_would_show() {
    let app = TestApp::new().await;
    create(&app.admin(), myga(1)).await;
    create(&app.admin(), plain(2)).await;
    let gone = create(&app.admin(), plain(3)).await.header("location");
    app.admin().act(&format!("{gone}/deactivate"), "*").await.expect(200);
    let facets = async |client: &testkit::Client, query: &str| {
        client.get(&format!("/v1/products/facets{query}")).await.expect(200).body
    };
    let issuer = myga(1)["issuer"].clone();
    assert_eq!(
        facets(&app.sales_rep(), "").await,
        json!({"total": 2,
            "types": [{"value": "Annuity", "count": 1}, {"value": plain(2)["product_type"], "count": 1}],
            "subtypes": [{"value": "MYGA", "count": 1}],
            "issuers": [{"value": issuer, "count": 1}]})
    );
    assert_eq!(facets(&app.admin(), "").await["total"], 3);
    assert_eq!(facets(&app.admin(), "?is_active=false").await["total"], 1);
    assert_eq!(
        facets(&app.admin(), "?type=Annuity&q=secure&active_on=2026-12-31").await["total"],
        1
    );
    let none = json!({"total": 0, "types": [], "subtypes": [], "issuers": []});
    assert_eq!(facets(&app.admin(), "?q=nowhere").await, none);
    assert_eq!(facets(&app.other_admin(), "").await, none);
    app.admin().get("/v1/products/facets?limit=5").await.expect(400);
}
