//! Threat 2a of rules.md: the known holes of the engine are tried on our tables as the login of the
//! service. They stay shut on an old server too, because what they need was never granted.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::catalogue::texts;
use crate::world::{ADMINISTRATOR, B, firms, login, request};

/// The refusal of a statement in firm B's name.
async fn refusal(client: &Client, statement: &str) -> (SqlState, String) {
    client.batch_execute(&format!("begin; {}", request('b', ADMINISTRATOR))).await.unwrap();
    let error = client.simple_query(statement).await.expect_err(statement);
    client.batch_execute("rollback").await.unwrap();
    let error = error.as_db_error().unwrap();
    (error.code().clone(), format!("{} {:?} {:?}", error.message(), error.detail(), error.where_()))
}

/// CVE-2026-120154 and its kin: a conflict with a hidden row must not be a way to read or change it.
#[tokio::test]
async fn a_conflict_with_a_hidden_row_is_no_way_in() {
    let (database, _superuser) = firms().await;
    let client = login(&database).await;
    for statement in [
        format!(
            "insert into products.products as t (tenant_id, product_id, cusip, product_name,
                 product_type, base_rate, rate_effective_date, created_by)
             values ('{B}', 'aaaaaaaa-0000-7000-8000-000000000001', '037833100', 'x', 'CD', 1,
                 current_date, 'x')
             on conflict (tenant_id, product_id) do update set product_name = 'x'
              where t.product_name::int = 0"
        ),
        "insert into products.active_products_view (product_name) values ('x')".to_owned(),
        "update products.products set product_name = product_name".to_owned(),
        "delete from products.products".to_owned(),
        "truncate products.products cascade".to_owned(),
        "copy products.products from stdin".to_owned(),
        "lock table products.products in access exclusive mode".to_owned(),
        "alter table products.products disable row level security".to_owned(),
        "set role wealth_owner".to_owned(),
        "set session_replication_role = replica".to_owned(),
        "create temp table t (x int)".to_owned(),
        "create function pg_temp.f() returns int language sql as 'select 1'".to_owned(),
    ] {
        let (code, text) = refusal(&client, &statement).await;
        let refused =
            [SqlState::INSUFFICIENT_PRIVILEGE, SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE];
        assert!(refused.contains(&code), "{statement}: {code:?} {text}");
        assert!(!text.contains("canary-a-leak"), "{text}");
    }
}

/// A condition that fails on a value tells the value: it must never meet one of another firm.
#[tokio::test]
async fn an_error_shows_no_value_of_another_firm() {
    let (database, _superuser) = firms().await;
    let client = login(&database).await;
    for condition in [
        "product_name::int = 0",
        "created_by::uuid is null",
        "xmlparse(content '<' || product_name) is null",
        "1 / (length(product_name) - length('canary-a-leak annuity')) > 0",
        "search like '%' || repeat('(', 3) and search ~ product_name::bytea::text",
    ] {
        let statement = format!("select count(*) from products.products where {condition}");
        client.batch_execute(&format!("begin; {}", request('b', ADMINISTRATOR))).await.unwrap();
        if let Err(error) = client.simple_query(&statement).await {
            let text = error.as_db_error().unwrap().message().to_owned();
            assert!(!text.contains("canary-a-leak"), "{condition}: {text}");
        }
        client.batch_execute("rollback").await.unwrap();
    }
}

/// CVE-2026-116311: a role that drops what it owns takes no policy with it.
#[tokio::test]
async fn dropping_what_it_owns_takes_no_policy() {
    let (database, superuser) = firms().await;
    let client = login(&database).await;
    let policies = "select count(*) from pg_policy";
    let before = texts(&superuser, policies).await.unwrap();
    client.batch_execute("begin; drop owned by wealth_test").await.unwrap();
    assert_eq!(texts(&client, policies).await.unwrap(), before);
    client.batch_execute("rollback").await.unwrap();
}
