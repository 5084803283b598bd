//! A function that dies between the commit and its answer: the client has the old token only, and
//! is given the new one by the next function that it meets.

use std::sync::Arc;
use std::time::Duration;

use testkit::Firm;
use testkit::lambda::{Function, binary};
use testkit::proxy::Proxy;
use users::keys::{Keys, StaticKeys};
use users::tokens::{NewSession, RefreshToken, open};
use uuid::Uuid;

use crate::world::{World, answer, body, start};

const USER: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0a04);

/// The users function with these keys and this way to the database.
async fn function(world: &World, keys: &std::path::Path, port: u16) -> Function {
    let url = world.url_through("users", port).await;
    Function::new("users", binary("users").await.expect("users"))
        .env("DATABASE_URL", url)
        .env("DB_ALLOW_BELOW_FLOOR", "1")
        .env("WEALTH_ENV", "test")
        .env("ISSUER_URL", testkit::ISSUER)
        .env("USERS_KEYS_FILE", keys.to_str().expect("a path"))
}

/// The generation and the hash of the leaf.
async fn leaf(world: &World) -> (i64, String) {
    let rows = world.app.sql(
        "select refresh_counter as n, encode(refresh_token_hash, 'hex') as hash
           from users.user_sessions where refresh_token_hash is not null and is_active",
    );
    let rows = rows.await;
    assert_eq!(rows.len(), 1, "one live leaf: {rows:?}");
    (rows[0]["n"].as_i64().expect("a number"), rows[0]["hash"].as_str().expect("text").to_owned())
}

#[tokio::test]
async fn a_refresh_survives_the_death_of_its_function() {
    let world = World::new().await;
    let text = Keys::generate().expect("keys").to_json().expect("their text");
    let file = std::env::temp_dir().join(format!("wealth-keys-{}", std::process::id()));
    std::fs::write(&file, &text).expect("a file");
    let mailer = Arc::new(users::mail::NoMailer);
    let services = testkit::services_of(Arc::new(StaticKeys(text)), mailer);
    let new = NewSession {
        tenant_id: Firm::Meridian.tenant_id(),
        user_id: USER,
        assurance: 1,
        methods: &["pwd"],
        device: None,
        impersonator: None,
    };
    let visitor = wealth_http::Visitor::for_tests(world.now);
    let opened = open(&world.app.app, &services, &visitor, "test", &new).await.expect("a session");
    let token = opened.refresh_token.expect("a refresh token");

    let proxy = Proxy::start(world.port().await).await;
    let dying = start(function(&world, &file, proxy.port()).await).await;
    answer(&dying, &world.event("users/jwks", &[]).await).await;
    let event = world.event("users/refresh", &[("token", &token)]).await;
    proxy.delay(Duration::from_secs(2));
    let killed = async {
        while leaf(&world).await.0 == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Committed, and the word of it is still two seconds away.
        dying.sigkill();
    };
    let (lost, ()) = tokio::join!(dying.invoke(&event, Duration::from_secs(15)), killed);
    assert!(!matches!(lost, Ok(ref outcome) if format!("{outcome:?}").contains("refresh_token")));
    proxy.delay(Duration::ZERO);

    let next = start(function(&world, &file, proxy.port()).await).await;
    let given = answer(&next, &event).await;
    assert_eq!(given["statusCode"], 200, "{given}");
    let child = body(&given)["refresh_token"].as_str().expect("the child").to_owned();
    assert_eq!(leaf(&world).await, (1, RefreshToken::hash(&child)));
    std::fs::remove_file(file).expect("the file");
}
