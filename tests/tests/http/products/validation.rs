//! What a product may not be: every bad field is named, and nothing is written.

use http::Method;
use serde_json::{Value, json};
use testkit::{Request, TestApp, cusip};

use super::{create, fields, pairs, plain, problem, with};

async fn products(app: &TestApp) -> Value {
    app.sql("select count(*) as n from products.products").await[0]["n"].clone()
}

#[tokio::test]
async fn all_bad_fields_are_named_at_once() {
    let app = TestApp::new().await;
    let body = json!({
        "cusip": "037833101",
        "product_name": " ",
        "product_type": "Stock",
        "currency": "XXQ",
        "minimum_investment": "500.00",
        "maximum_investment": "100.00",
        "base_rate": "-1",
        "bonus_rate": 1.5,
        "return_of_premium": true,
        "states": ["NY", "ZZ"],
        "availability": {"start_date": "2026-02-30", "end_date": "2026-12-31"},
    });
    let answer = app.admin().post("/v1/products", body).await.expect(422);
    assert_eq!(answer.code(), "validation_failed");
    assert_eq!(answer.body["detail"], "10 fields need attention.");
    let mut found = fields(&answer);
    found.sort();
    assert_eq!(
        found,
        pairs(&[
            ("/availability/start_date", "date_invalid"),
            ("/base_rate", "out_of_range"),
            ("/bonus_rate", "wrong_type"),
            ("/currency", "currency_unknown"),
            ("/cusip", "cusip_invalid"),
            ("/maximum_investment", "out_of_range"),
            ("/product_name", "required"),
            ("/product_type", "unknown_value"),
            ("/return_of_premium_percentage", "required"),
            ("/states/1", "state_unknown"),
        ])
    );
    assert_eq!(products(&app).await, 0);
}

#[tokio::test]
async fn an_empty_body_lacks_the_four_required_fields() {
    let app = TestApp::new().await;
    let answer = app.admin().post("/v1/products", json!({})).await.expect(422);
    let required = ["/cusip", "/product_name", "/product_type", "/base_rate"];
    assert_eq!(fields(&answer), pairs(&required.map(|at| (at, "required"))));
}

#[tokio::test]
async fn a_wrong_check_digit_alone_is_cusip_invalid() {
    let app = TestApp::new().await;
    let body = with(plain(1), json!({"cusip": "037833101"}));
    let answer = app.admin().post("/v1/products", body).await.expect(422);
    let message = "has a wrong check digit: 0 is expected at the end";
    let detail = format!("/cusip: {message}");
    let mut expected = problem(422, "cusip_invalid", "Not a valid CUSIP", &detail);
    let error = json!({"pointer": "/cusip", "code": "cusip_invalid", "message": message});
    expected["errors"] = json!([error]);
    assert_eq!(answer.problem(), expected);
}

#[tokio::test]
async fn a_cusip_is_taken_in_any_case_and_once_only() {
    let app = TestApp::new().await;
    let body = with(plain(1), json!({"cusip": " 38259p508 "}));
    assert_eq!(create(&app.admin(), body.clone()).await.body["cusip"], "38259P508");
    let answer = app.admin().post("/v1/products", body).await.expect(409);
    let detail = "A product with this CUSIP exists already.";
    let mut expected = problem(409, "duplicate", "Already exists", detail);
    expected["errors"] = json!([{"pointer": "/cusip", "code": "duplicate", "message": detail}]);
    assert_eq!(answer.problem(), expected);
    let other = with(plain(1), json!({"cusip": "38259P508"}));
    create(&app.other_admin(), other).await;
}

#[tokio::test]
async fn numbers_are_refused_where_decimals_are_strings() {
    let app = TestApp::new().await;
    for field in ["base_rate", "bonus_rate", "minimum_investment", "maximum_investment"] {
        for value in [json!(5), json!(5.25), json!(true), json!([]), json!({})] {
            let body = with(plain(1), json!({field: value}));
            let answer = app.admin().post("/v1/products", body).await.expect(422);
            assert_eq!(fields(&answer), pairs(&[(&format!("/{field}"), "wrong_type")]));
        }
    }
    for (field, value, code) in [
        ("base_rate", "5.25001", "too_precise"),
        ("base_rate", "1e1", "decimal_invalid"),
        ("base_rate", "NaN", "decimal_invalid"),
        ("base_rate", "100.0001", "out_of_range"),
        ("minimum_investment", "0.001", "too_precise"),
        ("minimum_investment", "-0.01", "out_of_range"),
        ("maximum_investment", "10000000000000", "out_of_range"),
    ] {
        let body = with(plain(1), json!({field: value}));
        let answer = app.admin().post("/v1/products", body).await.expect(422);
        assert_eq!(fields(&answer), pairs(&[(&format!("/{field}"), code)]), "{value}");
    }
    assert_eq!(products(&app).await, 0);
}

#[tokio::test]
async fn unknown_fields_are_refused_everywhere() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let body = with(plain(1), json!({"is_active": false}));
    let answer = admin.post("/v1/products", body).await.expect(422);
    assert_eq!(answer.code(), "validation_failed");
    let path = create(&admin, plain(1)).await.header("location");
    for change in [json!({"base_rate": "9"}), json!({"cusip": cusip(2)}), json!({"version": 7})] {
        let answer = admin.patch(&path, change, "\"1\"").await.expect(422);
        assert_eq!(answer.code(), "validation_failed");
    }
    for query in [
        "sort=name",
        "limit=0",
        "limit=201",
        "rate_min=x",
        "cursor=!",
        "active_on=2026-1-1",
        "type=cd",
    ] {
        let answer = admin.get(&format!("/v1/products?{query}")).await.expect(400);
        assert_eq!(answer.code(), "malformed_request", "{query}");
    }
    let answer = admin.get(&path).await.expect(200);
    assert_eq!(answer.body["version"], 1);
}

#[tokio::test]
async fn what_is_no_json_is_told_from_json_that_does_not_fit() {
    let app = TestApp::new().await;
    let post = |kind: &str, body: &[u8]| {
        Request::new(Method::POST, "/v1/products").body(kind, body.to_vec()).key("k")
    };
    let admin = app.admin();
    let cases: [(&str, &[u8], u16, &str); 6] = [
        ("application/json", b"{", 400, "malformed_json"),
        ("application/json", b"", 400, "malformed_json"),
        ("application/json", b"{\"cusip\":\"\xff\"}", 400, "malformed_json"),
        ("application/json", b"[]", 422, "validation_failed"),
        ("application/json", b"{\"cusip\":\"a\",\"cusip\":\"b\"}", 422, "validation_failed"),
        ("text/plain", b"{}", 415, "unsupported_media_type"),
    ];
    for (kind, body, status, code) in cases {
        let answer = admin.send(post(kind, body)).await.expect(status);
        assert_eq!(answer.code(), code, "{kind} {}", String::from_utf8_lossy(body));
    }
}

/// Serde would fill the members of a struct from an array, in the order in which they stand in Rust.
#[tokio::test]
async fn an_array_is_no_object_inside_one_either() {
    let app = TestApp::new().await;
    for (member, value) in [
        ("availability", json!(["2026-12-01", "2026-12-31"])),
        ("cd_terms", json!([12])),
        ("cd_terms", json!({"term_months": 12, "step_ups": [[6, "5.0000"]]})),
        ("annuity_terms", json!({"surrender_schedule": [[1, "7.0000"]]})),
    ] {
        let body = with(plain(1), json!({member: value}));
        let answer = app.admin().post("/v1/products", body).await.expect(422);
        let error = &answer.body["errors"][0];
        let pointer = error["pointer"].as_str().unwrap();
        assert!(pointer.starts_with(&format!("/{member}")), "{pointer}");
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!("wrong_type"), &json!("must be a JSON object"))
        );
    }
    assert_eq!(products(&app).await, 0);
}

/// Texts that break parsers, terminals and databases, each with whether a name may be so.
const NAUGHTY: &[(&str, bool)] = &[
    ("'; drop table products.products; --", true),
    ("<script>alert(1)</script>", true),
    ("%s%n%x \\u0000 ${jndi:ldap://x}", true),
    ("\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}", true),
    ("\u{FEFF}bom", true),
    ("Ω≈ç√∫", true),
    ("田中さん", true),
    ("null", true),
    ("nul\0byte", false),
    ("bell\u{7}", false),
    ("line\nbreak", false),
    ("escape\u{1b}[31m", false),
    ("over\u{202E}ride", false),
    ("delete\u{7f}", false),
];

#[tokio::test]
async fn naughty_texts_are_kept_as_they_are_or_refused() {
    let app = TestApp::new().await;
    let admin = app.admin();
    for (number, (text, good)) in (1..).zip(NAUGHTY) {
        let body = with(plain(number), json!({"product_name": text}));
        let answer = admin.post("/v1/products", body).await;
        if *good {
            let made = answer.expect(201);
            assert_eq!(made.body["product_name"], **text);
            let read = admin.get(&made.header("location")).await.expect(200);
            assert_eq!(read.bytes, made.bytes);
        } else {
            let expected = pairs(&[("/product_name", "character_refused")]);
            assert_eq!(fields(&answer.expect(422)), expected, "{text:?}");
        }
        let found = admin.get(&format!("/v1/products?q={}", percent(text))).await;
        assert_eq!(found.status, if *good { 200 } else { 400 }, "{text:?}");
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn terms_belong_to_their_type() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let body = with(plain(1), json!({"cd_terms": {"term_months": 12}, "annuity_terms": {}}));
    let answer = admin.post("/v1/products", body).await.expect(422);
    let expected = [("/annuity_terms", "not_applicable"), ("/cd_terms", "not_applicable")];
    assert_eq!(fields(&answer), pairs(&expected));
    let cd = with(plain(1), json!({"product_type": "CD", "cd_terms": {"term_months": 12}}));
    let made = create(&admin, cd).await;
    assert_eq!(made.body["cd_terms"]["term_months"], 12);
    assert_eq!(made.body["cd_terms"]["compounding"], "daily");
    assert_eq!(made.body["annuity_terms"], Value::Null);
}
