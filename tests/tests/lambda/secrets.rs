//! Credentials as in production: out of Secrets Manager, by ARN, for a login whose password the
//! server checks.

use std::path::Path;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use serde_json::json;
use testkit::lambda::{Function, binary};
use testkit::watched::{Watched, free_port};

use crate::logins::{self, PASSWORD};
use crate::world::{World, answer, start};

/// Secrets Manager on this machine.
async fn secrets_manager() -> (Watched, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let program = root.join(".local/venv-moto/bin/moto_server");
    assert!(program.is_file(), "moto_server is missing: run .ci/tools test");
    let port = free_port();
    let arguments = ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned);
    let log = std::env::temp_dir().join(format!("wealth-moto-{port}.log"));
    let server = Watched::start(&program, &arguments, port, &log).await;
    (server, format!("http://127.0.0.1:{port}"))
}

fn client(endpoint: &str) -> Client {
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("testing", "testing", None, None, "test"))
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}

#[tokio::test]
async fn a_function_logs_in_with_what_the_secret_says() {
    let world = World::new().await;
    let (_server, endpoint) = secrets_manager().await;
    let login = logins::of("products").await;
    // The test server lets everybody in but for members of this role.
    world
        .app
        .execute(&format!(
            "do $$ begin create role password_login; exception when duplicate_object or unique_violation then end $$;
             grant password_login to {login}_clone"
        ))
        .await;
    let value = json!({"username": format!("{login}_clone"), "password": PASSWORD}).to_string();
    let made = client(&endpoint).create_secret().name("wealth/test/products").secret_string(&value);
    let arn = made.send().await.expect("a secret").arn().expect("its ARN").to_owned();
    let function = Function::new("products", binary("products").await.expect("a binary"))
        .env("AWS_ENDPOINT_URL", &endpoint)
        .env("DB_SECRET_ARN", &arn)
        .env("DB_HOST", "127.0.0.1")
        .env("DB_PORT", world.port().await.to_string())
        .env("DB_NAME", world.app.database.name())
        .env("DB_TLS", "disable")
        .env("DB_ALLOW_BELOW_FLOOR", "1");
    let lambda = start(function.clone()).await;
    let token = world.admin();
    let list = world.event("products/list", &[("token", &token)]).await;
    assert_eq!(answer(&lambda, &list).await["statusCode"], 200);
    let rows = world.app.sql(
        "select distinct usename as login from pg_stat_activity
        where datname = current_database() and usename like 'products%'",
    );
    assert_eq!(rows.await, [json!({"login": format!("{login}_clone")})]);
    assert!(!lambda.output().lines().join("\n").contains(PASSWORD));

    // Another value: the function starts, and says that it cannot serve.
    let wrong =
        json!({"username": format!("{login}_clone"), "password": "wrong-horse"}).to_string();
    client(&endpoint)
        .put_secret_value()
        .secret_id(&arn)
        .secret_string(&wrong)
        .send()
        .await
        .expect("a value");
    let lambda = start(function).await;
    assert_eq!(answer(&lambda, &list).await["statusCode"], 503);
    let printed = lambda.output().lines().join("\n");
    assert!(!printed.contains("wrong-horse") && !printed.contains(&arn), "{printed}");
}
