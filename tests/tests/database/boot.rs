//! A server or login role that row level security would not hold serves no request.

use testkit::Firm::Meridian;
use wealth_db::{Db, DbError, Meter};

use crate::world::{World, list};

/// Makes a login of the given kind, and says what its first request is answered.
async fn first_request(kind: &str, statements: &str) -> Result<(), DbError> {
    let world = World::new().await;
    let login = format!("boot_{kind}_{}", world.database.name());
    let text = format!(
        "create role {login} login; grant products_service to {login}; {}",
        statements.replace("LOGIN", &login)
    );
    world.superuser.batch_execute(&text).await.unwrap();
    let db = Db::new(world.config_as(&login).await).await.unwrap();
    let first = list(&db, Meridian).await.map(drop);
    let second = list(&db, Meridian).await.map(drop);
    assert_eq!(first.is_ok(), second.is_ok(), "the second request is judged like the first");
    drop(db);
    let text = format!("drop owned by {login}; drop role {login}");
    world.superuser.batch_execute(&text).await.unwrap();
    first
}

#[tokio::test]
async fn a_login_that_the_fence_would_not_hold_is_refused() {
    for (kind, statements, reason) in [
        ("superuser", "alter role LOGIN superuser", "superuser"),
        ("bypass", "alter role LOGIN bypassrls", "BYPASSRLS"),
        ("member", "grant wealth_owner to LOGIN", "wealth_owner"),
        (
            "indirect",
            "create role LOGIN_group nologin; grant wealth_owner to LOGIN_group;
             grant LOGIN_group to LOGIN",
            "wealth_owner",
        ),
        (
            "owner",
            "create table probe.own (n integer); alter table probe.own owner to LOGIN",
            "owns table probe.own",
        ),
        ("creator", "alter role LOGIN createrole", "CREATEROLE"),
        (
            "becomes",
            "create role LOGIN_strong nologin bypassrls; grant LOGIN_strong to LOGIN",
            "BYPASSRLS",
        ),
        ("nobody", "revoke products_service from LOGIN", "not a member of any service role"),
    ] {
        match first_request(kind, statements).await {
            Err(DbError::Unfit(text)) => assert!(text.contains(reason), "{kind}: {text}"),
            other => panic!("{kind}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_plain_member_is_served() {
    first_request("plain", "").await.unwrap();
}

#[tokio::test]
async fn a_server_below_the_floor_is_refused_unless_allowed() {
    let world = World::new().await;
    let mut config = world.config().await;
    let lenient = Db::new(config.clone()).await.unwrap();
    let found = lenient.readiness(&Meter::default()).await.unwrap();
    assert_eq!(found.is_ready(), found.meets_floor);
    assert_eq!(found.schema_version, found.expected_schema_version);
    list(&lenient, Meridian).await.unwrap();
    config.allow_below_floor = false;
    let strict = list(&Db::new(config).await.unwrap(), Meridian).await;
    match (found.meets_floor, strict) {
        (true, Ok(_)) => {}
        (false, Err(DbError::Unfit(text))) => assert!(text.contains("security fixes"), "{text}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_database_without_the_schema_is_refused_with_a_word_on_why() {
    let world = World::new().await;
    let mut config = world.config().await;
    config.name = "postgres".to_owned();
    let refused = Db::new(config).await.unwrap().warm_up().await.unwrap_err();
    assert_eq!(refused.to_string(), "the database is not fit to serve: it has not been migrated");
}
