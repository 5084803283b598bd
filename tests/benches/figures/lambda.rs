//! The built Lambda binary under the emulated Runtime API: instructions per invocation, processor
//! time of a cold start, memory, and the size of the zip.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::routing::{get, post};
use serde_json::{Value, json};
use testkit::lambda::{Function, Lambda, Started, event};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::report::{Limit, Report, least, median};
use crate::server::{ISSUER, keys_file};
use crate::world::{SCRAM_LOGIN, SCRAM_PASSWORD, World, release_binary};

/// First argument of the benchmark program when it is to be the smallest Lambda function.
pub(crate) const HELLO: &str = "--hello-lambda-for-bench";
const LIMIT: Duration = Duration::from_secs(60);
const STARTS: usize = 15;

/// What the child does: the same skin with nothing in it.
pub(crate) async fn hello() -> Result<()> {
    let router: Router =
        Router::new().route("/health", get(async || axum::Json(json!({"status": "alive"}))));
    lambda_http::run(router).await.map_err(anyhow::Error::from_boxed)
}

/// Runs the section.
pub(crate) async fn run(report: &mut Report, world: &World) -> Result<()> {
    let products = release_binary("products")?;
    let keys = keys_file()?;
    instructions(report, world, &products, &keys).await?;
    starts(report, world, &products).await?;
    users_start(report, world, &keys).await?;
    jobs_start(report, world).await?;
    std::fs::remove_file(keys)?;
    report.section("Lambda zip");
    for name in ["products", "rates", "users", "audit", "jobs"] {
        let size = zip(&release_binary(name)?).await?;
        report.figure(&format!("{name}, zip -9"), size, "MB", Limit::AtMost(3.5));
    }
    Ok(())
}

fn function(binary: &Path, url: &str) -> Function {
    Function::new("products", binary.to_owned())
        .env("DATABASE_URL", url)
        .env("DB_ALLOW_BELOW_FLOOR", "1")
}

/// The users function, with keys that lie in a file, and mail by SES, which is not asked at the start.
fn users_function(world: &World, keys: &Path) -> Result<Function> {
    let function = Function::new("users", release_binary("users")?);
    Ok(with_users(function.env("DATABASE_URL", world.scram_url(world.port)), keys))
}

fn with_users(function: Function, keys: &Path) -> Function {
    function
        .env("DB_ALLOW_BELOW_FLOOR", "1")
        .env("ISSUER_URL", ISSUER)
        .env("USERS_KEYS_FILE", keys.display().to_string())
        .env("MAIL_FROM", "no-reply@wealth.example")
        .env("AWS_REGION", "us-east-1")
}

fn read_event(world: &World) -> Result<Value> {
    event("products/get", &[("product_id", &world.product.to_string()), ("token", &world.token())])
}

async fn instructions(
    report: &mut Report,
    world: &World,
    products: &Path,
    keys: &Path,
) -> Result<()> {
    report.section("Instructions per Lambda invocation (callgrind, 1,200 less 200 invocations)");
    if Command::new("valgrind").arg("--version").output().await.is_err() {
        report.missing("instructions per invocation", "peer missing: no valgrind");
        return Ok(());
    }
    let url = world.url(world.port);
    let own = std::env::current_exe()?;
    let health = event("products/health", &[])?;
    let hello = per_invocation(|| under_valgrind(&own, &url).arg(HELLO), &health).await?;
    report.figure("  lambda_http and axum, nothing else", hello, "", Limit::None);
    let ours = per_invocation(|| under_valgrind(products, &url), &health).await?;
    report.figure("GET /health (no database)", ours, "", Limit::AtMost(165_000.0));
    report.figure("GET /health against nothing else", ours / hello, "x", Limit::None);
    let read = per_invocation(|| under_valgrind(products, &url), &read_event(world)?).await?;
    report.figure("tenant read", read, "", Limit::None);
    let users = release_binary("users")?;
    let function = || with_users(under_valgrind(&users, &url), keys);
    let jwks = per_invocation(function, &event("users/jwks", &[])?).await?;
    report.figure("users: GET /.well-known/jwks.json", jwks, "", Limit::None);
    let me = event("users/me", &[("token", &world.token())])?;
    let me = per_invocation(function, &me).await?;
    report.figure("users: GET /v1/users/me, token checked", me, "", Limit::None);
    Ok(())
}

fn out_file() -> PathBuf {
    std::env::temp_dir().join(format!("wealth-callgrind-{}", std::process::id()))
}

fn under_valgrind(binary: &Path, url: &str) -> Function {
    function(Path::new("/usr/bin/env"), url)
        .arg("valgrind")
        .arg("--tool=callgrind")
        .arg(&format!("--callgrind-out-file={}", out_file().display()))
        .arg(&binary.display().to_string())
}

/// What a thousand invocations more cost, so that the start does not count.
async fn per_invocation(function: impl Fn() -> Function, event: &Value) -> Result<f64> {
    let few = total(function(), event, 200).await?;
    let many = total(function(), event, 1200).await?;
    Ok((many - few) / 1000.0)
}

async fn total(function: Function, event: &Value, invocations: usize) -> Result<f64> {
    let lambda = Lambda::start(function).await?;
    ready(&lambda).await?;
    for _ in 0..invocations {
        answered(&lambda, event).await?;
    }
    lambda.sigterm();
    lambda.exited(LIMIT).await?;
    let text = std::fs::read_to_string(out_file()).context("callgrind wrote nothing")?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("summary:").or(line.strip_prefix("totals:")));
    let total = line.context("callgrind gave no total")?.trim().parse()?;
    let _removed = std::fs::remove_file(out_file());
    Ok(total)
}

async fn ready(lambda: &Lambda) -> Result<Duration> {
    match lambda.started(LIMIT).await? {
        Started::Ready(after) => Ok(after),
        other => {
            anyhow::bail!("it did not start: {other:?}\n{}", lambda.output().lines().join("\n"))
        }
    }
}

async fn answered(lambda: &Lambda, event: &Value) -> Result<()> {
    let answer = lambda.invoke(event, LIMIT).await?.into_response()?;
    ensure!(answer["statusCode"] == 200, "{answer}");
    Ok(())
}

async fn starts(report: &mut Report, world: &World, products: &Path) -> Result<()> {
    report.section("Lambda start: exec to the first /next, database connected (least of 15)");
    let own = std::env::current_exe()?;
    let url = world.scram_url(world.port);
    let hello = start(|| Ok(function(&own, &url).arg(HELLO))).await?;
    report.figure("  lambda_http and axum, nothing else", hello.cpu, "ms CPU", Limit::None);
    let plain = start(|| Ok(function(products, &url))).await?;
    report.figure("DATABASE_URL, SCRAM", plain.cpu, "ms CPU", Limit::AtMost(3.5));
    report.figure("DATABASE_URL, SCRAM, elapsed", plain.wall, "ms", Limit::None);
    let store = secrets().await?;
    let secret = || {
        Ok(Function::new("products", products.to_owned())
            .env("DB_ALLOW_BELOW_FLOOR", "1")
            .env("DB_SECRET_ARN", "bench")
            .env("DB_HOST", "127.0.0.1")
            .env("DB_PORT", world.port.to_string())
            .env("DB_NAME", world.database.name())
            .env("DB_TLS", "disable")
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{store}")))
    };
    let secret = start(secret).await?;
    report.figure(
        "DB_SECRET_ARN (one SDK call, no TLS), SCRAM",
        secret.cpu,
        "ms CPU",
        Limit::AtMost(5.0),
    );
    report.figure("DB_SECRET_ARN, elapsed", secret.wall, "ms", Limit::None);

    report.section("Memory of the Lambda");
    let lambda = Lambda::start(function(products, &url)).await?;
    ready(&lambda).await?;
    let read = read_event(world)?;
    let (token, id) = (world.token(), world.product.to_string());
    let list = event("products/list-active", &[("product_id", &id), ("token", &token)])?;
    for _ in 0..500 {
        answered(&lambda, &read).await?;
        answered(&lambda, &list).await?;
    }
    let peak = lambda.peak_memory()?;
    report.figure("peak, after 1,000 requests", megabytes(peak), "MB", Limit::AtMost(16.0));
    Ok(())
}

async fn users_start(report: &mut Report, world: &World, keys: &Path) -> Result<()> {
    report.section("Start and memory of the users Lambda (least of 15)");
    let ready_made = start(|| users_function(world, keys)).await?;
    let name = "users: DATABASE_URL, SCRAM, keys in a file";
    report.figure(name, ready_made.cpu, "ms CPU", Limit::AtMost(3.5));
    report.figure("users: the same, elapsed", ready_made.wall, "ms", Limit::None);
    let without_mail = || Ok(users_function(world, keys)?.env("MAIL_FROM", ""));
    let without_mail = start(without_mail).await?.cpu;
    report.figure(
        "  the same without MAIL_FROM (no SES client)",
        without_mail,
        "ms CPU",
        Limit::None,
    );
    let lambda = Lambda::start(users_function(world, keys)?).await?;
    ready(&lambda).await?;
    let me = event("users/me", &[("token", &world.token())])?;
    let jwks = event("users/jwks", &[])?;
    for _ in 0..500 {
        answered(&lambda, &me).await?;
        answered(&lambda, &jwks).await?;
    }
    let peak = megabytes(lambda.peak_memory()?);
    report.figure("users: peak, after 1,000 requests", peak, "MB", Limit::AtMost(16.0));
    Ok(())
}

/// Nothing but the database is made before a job asks for it.
async fn jobs_start(report: &mut Report, world: &World) -> Result<()> {
    report.section("Start of the jobs Lambda (least of 15)");
    let jobs = release_binary("jobs")?;
    let url = world.scram_url(world.port);
    let function = || Function::new("jobs", jobs.clone()).env("DATABASE_URL", &url);
    let started = start(|| Ok(function().env("DB_ALLOW_BELOW_FLOOR", "1"))).await?;
    report.figure("jobs: DATABASE_URL, SCRAM", started.cpu, "ms CPU", Limit::AtMost(3.5));
    report.figure("jobs: the same, elapsed", started.wall, "ms", Limit::None);
    Ok(())
}

struct Start {
    cpu: f64,
    wall: f64,
}

async fn start(function: impl Fn() -> Result<Function>) -> Result<Start> {
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let lambda = Lambda::start(function()?).await?;
        wall.push(ready(&lambda).await?.as_secs_f64() * 1e3);
        cpu.push(lambda.cpu_time()?.as_secs_f64() * 1e3);
        let warned =
            lambda.output().lines().iter().any(|line| line.contains("no database connection"));
        ensure!(!warned, "started without a connection: {}", lambda.output().lines().join("\n"));
    }
    Ok(Start { cpu: least(&cpu), wall: median(wall) })
}

/// A Secrets Manager with one secret.
async fn secrets() -> Result<u16> {
    let secret = json!({"username": SCRAM_LOGIN, "password": SCRAM_PASSWORD}).to_string();
    let body = json!({
        "ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:bench-AbCdEf", "Name": "bench",
        "VersionId": "00000000-0000-4000-8000-000000000001", "SecretString": secret,
        "VersionStages": ["AWSCURRENT"], "CreatedDate": 1_700_000_000,
    });
    let answer = move || {
        let body = body.clone();
        async move { ([("content-type", "application/x-amz-json-1.1")], body.to_string()) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let router: Router = Router::new().route("/", post(answer));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(port)
}

fn megabytes(bytes: u64) -> f64 {
    // Far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "a size of some megabytes")]
    let bytes = bytes as f64;
    bytes / 1024.0 / 1024.0
}

/// The size of `bootstrap.zip`, as `make build` would make it.
async fn zip(binary: &Path) -> Result<f64> {
    let file = std::env::temp_dir().join(format!("wealth-bench-{}.zip", std::process::id()));
    let _none = std::fs::remove_file(&file);
    let program = "import sys, zipfile\n\
                   z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED, compresslevel=9)\n\
                   z.write(sys.argv[2], 'bootstrap'); z.close()";
    let status = Command::new("python3")
        .args(["-c", program])
        .arg(&file)
        .arg(binary)
        .stdin(Stdio::null())
        .status()
        .await
        .context("python3, to zip")?;
    ensure!(status.success(), "the zip cannot be made");
    let size = std::fs::metadata(&file)?.len();
    let _removed = std::fs::remove_file(&file);
    Ok(megabytes(size))
}
