//! Availability windows: both days belong to them, and they never overlap.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{NOBODY, create, fields, myga, pairs, plain, problem, product_not_found};

fn window(start: &str, end: &str) -> Value {
    json!({"start_date": start, "end_date": end})
}

#[tokio::test]
async fn a_window_is_added_changed_and_removed() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let path = create(&admin, plain(1)).await.header("location");
    let list = format!("{path}/availability");
    let none = admin.get(&list).await.expect(200);
    assert_eq!(
        (none.etag().as_str(), none.body),
        ("\"1\"", json!({"items": [], "next_cursor": null}))
    );

    let added = admin.post(&list, window("2026-02-01", "2026-02-28")).await.expect(201);
    let id = added.body["availability_id"].as_str().unwrap();
    let expected = json!({
        "availability_id": id,
        "start_date": "2026-02-01",
        "end_date": "2026-02-28",
        "is_active": true,
        "created_at": added.body["created_at"],
        "created_by": added.body["created_by"],
    });
    assert_eq!(added.body, expected);
    assert_eq!(added.header("location"), format!("{list}/{id}"));
    assert_eq!(added.etag(), "\"2\"");
    let by = app.sql("select created_by_user_id as by from products.product_availability").await;
    assert_eq!(by[0]["by"], "00000000-0000-7000-9000-000000000a01");

    let one = added.header("location");
    let changed = admin.patch(&one, json!({"end_date": "2026-03-31"}), "\"2\"").await.expect(200);
    assert_eq!(changed.etag(), "\"3\"");
    assert_eq!(changed.body, super::with(expected.clone(), json!({"end_date": "2026-03-31"})));
    let product = admin.get(&path).await.expect(200);
    let shown =
        json!([{"availability_id": id, "start_date": "2026-02-01", "end_date": "2026-03-31"}]);
    assert_eq!((&product.body["availability"], product.etag().as_str()), (&shown, "\"3\""));

    let removed = admin.delete(&one, "\"3\"").await.expect(204);
    assert_eq!((removed.etag().as_str(), removed.bytes.len()), ("\"4\"", 0));
    let listed = app.sales_rep().get(&list).await.expect(200);
    assert_eq!(listed.etag(), "\"4\"");
    assert_eq!(listed.body["items"][0]["is_active"], false);
    assert_eq!(admin.get(&path).await.body["availability"], json!([]));
    for answer in [
        admin.delete(&one, "\"4\"").await,
        admin.patch(&one, window("2026-01-01", "2026-01-02"), "\"4\"").await,
        admin.delete(&format!("{list}/{NOBODY}"), "*").await,
    ] {
        assert_eq!(answer.expect(404).code(), "availability_not_found");
    }
    assert_eq!(admin.get(&list).await.expect(200).etag(), "\"4\"");
}

#[tokio::test]
async fn windows_may_touch_and_not_overlap() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, plain(1)).await.header("location") + "/availability";
    let first = admin.post(&list, window("2026-02-01", "2026-02-28")).await.expect(201);
    let detail = "The window overlaps another active window of this product.";
    let title = "The availability window overlaps another";
    let mut overlap = problem(409, "availability_overlap", title, detail);
    overlap["errors"] =
        json!([{"pointer": "/start_date", "code": "availability_overlap", "message": detail}]);
    for (start, end) in [
        ("2026-02-28", "2026-02-28"),
        ("2026-01-01", "2026-02-01"),
        ("2026-01-01", "2026-12-31"),
        ("2026-02-10", "2026-02-11"),
    ] {
        let answer = admin.post(&list, window(start, end)).await.expect(409);
        assert_eq!(answer.problem(), overlap, "{start}");
    }
    let next = admin.post(&list, window("2026-03-01", "2026-03-01")).await.expect(201);
    let one = next.header("location");
    let answer = admin.patch(&one, json!({"start_date": "2026-02-28"}), "*").await.expect(409);
    assert_eq!(answer.problem(), overlap);
    admin.delete(&first.header("location"), "*").await.expect(204);
    admin.patch(&one, json!({"start_date": "2026-02-28"}), "*").await.expect(200);
}

#[tokio::test]
async fn a_window_must_have_its_days_in_order() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, myga(1)).await.header("location") + "/availability";
    let cases = [
        (json!({}), vec![("/start_date", "required"), ("/end_date", "required")]),
        (
            window("2027-02-30", "27-1-1"),
            vec![("/start_date", "date_invalid"), ("/end_date", "date_invalid")],
        ),
        (window("2027-02-02", "2027-02-01"), vec![("/end_date", "date_range_invalid")]),
        (
            json!({"start_date": 20270101, "end_date": null}),
            vec![("/start_date", "wrong_type"), ("/end_date", "wrong_type")],
        ),
        (
            window("0204-01-01", "20240-01-01"),
            vec![("/start_date", "out_of_range"), ("/end_date", "date_invalid")],
        ),
    ];
    for (body, expected) in cases {
        let answer = admin.post(&list, body.clone()).await.expect(422);
        assert_eq!(fields(&answer), pairs(&expected), "{body}");
    }
    let id = admin.get(&list).await.body["items"][0]["availability_id"].clone();
    let one = format!("{list}/{}", id.as_str().unwrap());
    let cases = [
        (json!({"start_date": null}), "/start_date"),
        (window("2027-02-02", "2027-02-01"), "/end_date"),
        (json!({"end_date": "2025-12-31"}), "/end_date"),
        (json!({"is_active": false}), "/is_active"),
    ];
    for (body, at) in cases {
        let answer = admin.patch(&one, body.clone(), "*").await.expect(422);
        assert_eq!(fields(&answer)[0].0, at, "{body}");
    }
    let nobody = format!("/v1/products/{NOBODY}/availability");
    let answer = admin.post(&nobody, window("2027-01-01", "2027-01-01")).await.expect(404);
    assert_eq!(answer.problem(), product_not_found());
}

#[tokio::test]
async fn the_leap_day_is_a_day_like_others() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, plain(1)).await.header("location") + "/availability";
    admin.post(&list, window("2028-02-29", "2028-02-29")).await.expect(201);
    admin.post(&list, window("2028-02-28", "2028-02-28")).await.expect(201);
    admin.post(&list, window("2028-03-01", "2028-03-01")).await.expect(201);
    admin.post(&list, window("2027-02-29", "2027-02-29")).await.expect(422);
    for (day, found) in [
        ("2028-02-27", 0),
        ("2028-02-28", 1),
        ("2028-02-29", 1),
        ("2028-03-01", 1),
        ("2028-03-02", 0),
    ] {
        let answer = admin.get(&format!("/v1/products?active_on={day}")).await.expect(200);
        assert_eq!(answer.body["items"].as_array().unwrap().len(), found, "{day}");
    }
    admin.get("/v1/products?active_on=2027-02-29").await.expect(400);
}

#[tokio::test]
async fn windows_come_in_pages() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, plain(1)).await.header("location") + "/availability";
    for month in [3, 1, 2] {
        let day = format!("2026-{month:02}-01");
        admin.post(&list, window(&day, &day)).await.expect(201);
    }
    let page = admin.get(&format!("{list}?limit=2")).await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    assert_eq!(page.header("link"), format!("<{list}?limit=2&cursor={cursor}>; rel=\"next\""));
    let last = admin.get(&format!("{list}?limit=2&cursor={cursor}")).await.expect(200);
    let starts = |answer: &testkit::Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().unwrap();
        items.iter().map(|item| item["start_date"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(starts(&page), ["2026-01-01", "2026-02-01"]);
    assert_eq!(starts(&last), ["2026-03-01"]);
    assert_eq!(last.header("link"), "");
}
