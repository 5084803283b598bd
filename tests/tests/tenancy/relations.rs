//! Threat 2 of rules.md: a second firm reads everything there is to read.

use crate::catalogue::{compare, texts};
use crate::world::{ADMINISTRATOR, OF_A, OF_BOTH, firms, login, request};
use crate::{catalogue, probes};

#[tokio::test]
async fn every_probe_is_content() {
    let (_database, client) = firms().await;
    client.batch_execute("begin").await.unwrap();
    let found = probes::visible(&client).await.unwrap();
    compare("tests/tenancy/visible.txt", &found);
    for name in probes::ALL {
        assert_eq!(probes::check(&client, name).await, Ok(()), "{name}");
    }
}

/// The system catalogues, statistics and activity too, as a real login while the other firm works.
#[tokio::test]
async fn a_login_finds_nothing_of_another_firm_anywhere() {
    let (database, _superuser) = firms().await;
    let busy = login(&database).await;
    busy.batch_execute(&format!("begin; {}", request('a', ADMINISTRATOR))).await.unwrap();
    // As the service sends it: values are parameters, never part of the text.
    let text = "select count(*) from products.products where product_name = $1";
    let value: &(dyn tokio_postgres::types::ToSql + Sync) = &"canary-a-leak annuity";
    busy.query_typed(text, &[(value, tokio_postgres::types::Type::TEXT)]).await.unwrap();

    let client = login(&database).await;
    client.batch_execute("set statement_timeout = 0").await.unwrap();
    for (context, needle) in [
        (request('b', ADMINISTRATOR), OF_A),
        (request('b', &["SalesRepresentative"]), OF_A),
        (String::new(), OF_BOTH),
    ] {
        client.batch_execute(&format!("begin; {context}")).await.unwrap();
        // There the block would find itself.
        let block = probes::relations_text(".", needle, "'pg_stat_activity'");
        client.batch_execute(&block).await.unwrap();
        let found = "select current_setting('probe.found') || '|' || current_setting('probe.seen')";
        let found = texts(&client, found).await.unwrap().remove(0);
        let (leaks, seen) = found.split_once('|').unwrap();
        assert_eq!(leaks, "", "{context}");
        assert!(seen.parse::<u32>().unwrap() > 150, "{seen} relations read");
        let activity = "select query from pg_stat_activity
             where query ~ 'canary-a-leak' and pid <> pg_backend_pid()";
        assert_eq!(texts(&client, activity).await.unwrap().len(), 0);
        client.batch_execute("rollback").await.unwrap();
    }
}

/// The crawl would be blind to a table in which the other firm has no canary.
#[tokio::test]
async fn every_tenant_table_holds_a_canary() {
    let (_database, client) = firms().await;
    let tables = "select c.oid::regclass::text from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname in ('tenant_id', 'user_id')
         where c.relkind in ('r', 'p') and not c.relispartition and a.attnotnull
           and c.relnamespace::regnamespace::text in
               ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'jobs')
         group by c.oid order by 1";
    let mut blind = Vec::new();
    for table in catalogue::texts(&client, tables).await.unwrap() {
        let query = format!("select count(*) from {table} x where to_jsonb(x)::text ~ '{OF_A}'");
        if texts(&client, &query).await.unwrap() == ["0"] {
            blind.push(table);
        }
    }
    assert!(blind.is_empty(), "{blind:?}");
}
