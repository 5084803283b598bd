//! Who sees what: sales roles active products only, other firms nothing.

use http::Method;
use serde_json::json;
use testkit::{Client, Request, TestApp, cusip};

use super::{NOBODY, create, myga, path, product_not_found};

/// Every way to read a product, its own path first.
fn readings(path: &str) -> Vec<String> {
    let mut all = vec![path.to_owned(), format!("/v1/products/by-cusip/{}", cusip(1))];
    all.extend(["versions", "terms", "availability"].map(|part| format!("{path}/{part}")));
    all
}

#[tokio::test]
async fn an_inactive_product_is_gone_for_sales_and_not_for_administrators() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    for reading in readings(&path) {
        app.sales_rep().get(&reading).await.expect(200);
    }
    let off = app.admin().act(&format!("{path}/deactivate"), "\"1\"").await.expect(200);
    for client in [app.sales_rep(), app.sales_manager()] {
        for reading in readings(&path) {
            let answer = client.get(&reading).await.expect(404);
            assert_eq!(answer.problem(), product_not_found(), "{reading}");
        }
        client.get(&format!("{path}/terms/1")).await.expect(404);
        for list in ["/v1/products", "/v1/products?is_active=false", "/v1/products/active"] {
            let answer = client.get(list).await.expect(200);
            assert_eq!(answer.body, json!({"items": [], "next_cursor": null}), "{list}");
        }
    }
    for client in [app.admin(), app.system_admin()] {
        assert_eq!(client.get(&path).await.expect(200).bytes, off.bytes);
        client.get(&format!("{path}/terms/1")).await.expect(200);
        let answer = client.get("/v1/products?is_active=false").await.expect(200);
        assert_eq!(answer.body["items"][0]["is_active"], false);
    }
    app.admin().act(&format!("{path}/reactivate"), &off.etag()).await.expect(200);
    app.sales_rep().get(&path).await.expect(200);
}

async fn reading(client: &Client, path: &str) -> (u16, Vec<u8>) {
    let id = "0192f0c8-0000-7000-8000-000000000001";
    let answer = client.send(Request::new(Method::GET, path).header("x-request-id", id)).await;
    (answer.status, answer.bytes)
}

#[tokio::test]
async fn another_firms_product_answers_like_one_that_never_was() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let window = app.admin().get(&path).await.body["availability"][0]["availability_id"].clone();
    let window = window.as_str().unwrap().to_owned();
    let other = app.other_admin();
    let nobody = format!("/v1/products/{NOBODY}");
    for part in ["", "/versions", "/terms", "/terms/1", "/availability"] {
        let theirs = reading(&other, &format!("{path}{part}")).await;
        assert_eq!(theirs, reading(&other, &format!("{nobody}{part}")).await, "{part}");
        assert_eq!(theirs.0, 404);
    }
    let by_cusip = |number| format!("/v1/products/by-cusip/{}", cusip(number));
    assert_eq!(reading(&other, &by_cusip(1)).await, reading(&other, &by_cusip(2)).await);
    for base in [&path, &nobody] {
        let tag = "\"1\"";
        let answers = [
            other.patch(base, json!({"issuer": "X"}), tag).await,
            other.act(&format!("{base}/deactivate"), tag).await,
            other.act(&format!("{base}/reactivate"), tag).await,
            other.post(&format!("{base}/terms"), json!({"text": "X"})).await,
            other
                .post(
                    &format!("{base}/availability"),
                    json!({"start_date": "2027-01-01", "end_date": "2027-01-02"}),
                )
                .await,
            other.patch(&format!("{base}/availability/{window}"), json!({}), tag).await,
            other.delete(&format!("{base}/availability/{window}"), tag).await,
        ];
        for answer in answers {
            assert_eq!(answer.expect(404).problem(), product_not_found());
        }
    }
    assert_eq!(other.get("/v1/products").await.expect(200).body["items"], json!([]));
    assert_eq!(app.admin().get(&path).await.expect(200).body["version"], 1);
}

#[tokio::test]
async fn text_that_is_no_id_names_nothing() {
    let app = TestApp::new().await;
    for path in ["/v1/products/x", "/v1/products/x/terms", "/v1/products/by-cusip/123"] {
        app.admin().get(path).await.expect(404);
    }
    let path = path(&app, myga(1)).await;
    for version in ["0", "2", "-1", "x", "99999999999"] {
        app.admin().get(&format!("{path}/terms/{version}")).await.expect(404);
    }
    app.admin().get(&path.to_uppercase().replace("/V1/PRODUCTS", "/v1/products")).await.expect(200);
}

#[tokio::test]
async fn a_current_copy_is_not_sent_again() {
    let app = TestApp::new().await;
    let made = create(&app.admin(), myga(1)).await;
    let held =
        |path: &str, tags: &str| Request::new(Method::GET, path).header("if-none-match", tags);
    let rep = app.sales_rep();
    for path in [made.header("location"), format!("/v1/products/by-cusip/{}", cusip(1))] {
        for tags in ["\"1\"", "W/\"1\"", "\"7\", \"1\""] {
            let answer = rep.send(held(&path, tags)).await.expect(304);
            assert_eq!((answer.etag().as_str(), answer.bytes.len()), ("\"1\"", 0));
        }
        for tags in ["\"2\"", "1", "*", ""] {
            assert_eq!(rep.send(held(&path, tags)).await.expect(200).bytes, made.bytes);
        }
    }
}

#[tokio::test]
async fn a_copy_of_yesterdays_rate_is_not_current() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let rates =
        json!({"base_rate": "5.3000", "bonus_rate": "1.0000", "effective_date": "2026-11-22"});
    app.admin().put(&format!("{path}/rates"), rates, "*").await.expect(200);
    let before = app.sales_rep().get(&path).await.expect(200);
    assert_eq!(before.body["base_rate"], "5.2500");
    app.clock.advance(chrono::TimeDelta::hours(24));
    let request = Request::new(Method::GET, &path).header("if-none-match", &before.etag());
    let after = app.sales_rep().send(request).await.expect(200);
    assert_eq!(after.body["base_rate"], "5.3000");
    assert_eq!(after.body["rate_effective_date"], "2026-11-22");
    let listed = app.sales_rep().get("/v1/products").await.expect(200);
    assert_eq!(listed.body["items"][0]["base_rate"], "5.3000");
}
