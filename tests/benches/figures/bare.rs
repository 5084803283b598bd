//! The least that a tenant read can be: axum, the same statements in one flight, the row as JSON.
//! No token, no roles, no types, no log line, no pool to speak of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use testkit::Firm;
use tokio::net::TcpListener;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Row};
use uuid::Uuid;
use wealth_core::{Clock as _, IdGen as _, SystemClock, SystemIds};
use wealth_db::p;
use wealth_http::auth::LocalIssuer;

/// First argument of the benchmark program when it is to be this server.
pub(crate) const BARE: &str = "--bare-for-bench";
const CONTEXT: &str = "select platform.begin_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const QUERY: &str = include_str!("../../../sql/products/queries/get_by_id.sql");

struct Connections(Vec<Client>, AtomicUsize);

/// What the child does.
pub(crate) async fn serve(port: u16) -> Result<()> {
    let url = std::env::var("DATABASE_URL").context("DATABASE_URL")?;
    let size: usize = std::env::var("DATABASE_POOL_SIZE").context("DATABASE_POOL_SIZE")?.parse()?;
    let mut clients = Vec::new();
    for _ in 0..size {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        clients.push(client);
    }
    let state = Arc::new(Connections(clients, AtomicUsize::new(0)));
    let router = Router::new().route("/v1/products/{id}", get(read)).with_state(state);
    Ok(axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, router).await?)
}

async fn read(
    State(all): State<Arc<Connections>>,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<Map<String, Value>>, StatusCode> {
    let client = &all.0[all.1.fetch_add(1, Ordering::Relaxed) % all.0.len()];
    let (tenant, none) = (Firm::Meridian.tenant_id(), None::<String>);
    let (roles, now) = (["ProductAdministrator"].as_slice(), SystemClock.now());
    let (request, session) = (SystemIds.next(), None::<Uuid>);
    let context = [
        p::uuid(&tenant),
        p::text(&LocalIssuer::ISSUER),
        p::text(&"admin-a"),
        p::texts(&roles),
        p::bool(&true),
        p::timestamptz(&now),
        p::uuid(&request),
        p::uuid(&session),
        p::text(&none),
        p::text(&"bench"),
        p::text(&"product_get"),
    ];
    let params = [p::uuid(&id)];
    let (_, _, rows, _) = futures_util::try_join!(
        client.batch_execute("begin read only"),
        client.query_typed(CONTEXT, &context),
        client.query_typed(QUERY, &params),
        client.batch_execute("commit"),
    )
    .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    rows.first().map(json).map(axum::Json).ok_or(StatusCode::NOT_FOUND)
}

fn json(row: &Row) -> Map<String, Value> {
    let value = |place: usize, kind: &Type| match *kind {
        Type::UUID => row.get::<_, Option<Uuid>>(place).map(|v| v.to_string().into()),
        Type::NUMERIC => row.get::<_, Option<Decimal>>(place).map(|v| v.to_string().into()),
        Type::DATE => row.get::<_, Option<NaiveDate>>(place).map(|v| v.to_string().into()),
        Type::TIMESTAMPTZ => {
            row.get::<_, Option<DateTime<Utc>>>(place).map(|v| v.to_rfc3339().into())
        }
        Type::BOOL => row.get::<_, Option<bool>>(place).map(Value::from),
        Type::INT4 => row.get::<_, Option<i32>>(place).map(Value::from),
        Type::INT8 => row.get::<_, Option<i64>>(place).map(Value::from),
        Type::JSONB => row.get::<_, Option<Value>>(place),
        Type::TEXT_ARRAY => row.get::<_, Option<Vec<String>>>(place).map(Value::from),
        _ => row.get::<_, Option<String>>(place).map(Value::from),
    };
    let columns = row.columns().iter().enumerate();
    columns
        .map(|(place, column)| {
            (column.name().to_owned(), value(place, column.type_()).unwrap_or_default())
        })
        .collect()
}
