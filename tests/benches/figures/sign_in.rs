//! What signing in costs beside the bare hash, which is slow by design and shall be all of it; what
//! checking a token and renewing one cost.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use tokio::task::JoinSet;
use wealth_core::{Clock as _, Parse as _, Password};

use crate::load::{Connection, post};
use crate::report::{Limit, Report, least, median};
use crate::server::{ISSUER, Server, cpu_of, keys_file};
use crate::world::World;

const PASSWORD: &str = "seven green bottles";
const EMAIL: &str = "bench@people.test";
/// Callers at once when it is to be as many as possible.
const CALLERS: usize = 4;
/// How long that lasts.
const SATURATED: Duration = Duration::from_secs(3);
/// The hash is the price; all the rest together may be a tenth of it.
const TARGET: f64 = 1.1;

/// A way to hash, as the platform has it and bare.
struct Kind {
    name: &'static str,
    scheme: &'static str,
    bare: fn(),
    /// Hashes and sign-ins of a series, one after the other.
    series: u32,
}

const KINDS: [Kind; 2] = [
    Kind {
        name: "argon2id, 19 MiB, 2 passes",
        scheme: "argon2id",
        bare: bare_argon2id,
        series: 20,
    },
    Kind { name: "bcrypt, cost 12", scheme: "bcrypt:12", bare: bare_bcrypt, series: 4 },
];

/// Runs the section.
pub(crate) async fn run(report: &mut Report, world: &World) -> Result<()> {
    report.section("Sign-in beside the bare hash");
    let keys = keys_file()?;
    for kind in &KINDS {
        account(world, kind.scheme).await?;
        let url = world.url(world.port);
        let server = Server::users(&url, CALLERS, kind.scheme, &keys).await?;
        beside_the_hash(report, kind, &server).await.context(kind.name)?;
        if kind.scheme == KINDS[0].scheme {
            refreshes(report, &server).await.context("refresh")?;
        }
        server.stop().await?;
    }
    std::fs::remove_file(keys)?;
    tokens(report).await.context("token check")
}

fn bare_argon2id() {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    let done = hasher.hash_password_into(PASSWORD.as_bytes(), b"sixteen bytes ok", &mut out);
    std::hint::black_box((done, out)).0.unwrap_or_default();
}

fn bare_bcrypt() {
    let done = bcrypt::hash_with_salt(PASSWORD, 12, *b"sixteen bytes ok");
    std::hint::black_box(done.is_ok());
}

/// One processor's time for a hash, in a thread of this process, which does nothing else meanwhile.
async fn bare(kind: &Kind) -> Result<f64> {
    let (hash, own, series) = (kind.bare, std::process::id(), kind.series);
    let before = cpu_of(own)?;
    tokio::task::spawn_blocking(move || (0..series).for_each(|_| hash())).await?;
    Ok((cpu_of(own)? - before).as_secs_f64() * 1e3 / f64::from(series))
}

fn request() -> Vec<u8> {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    post("/v1/auth/sign-in", &body.to_string())
}

/// The server's time for a sign-in, one after the other.
async fn sign_ins(server: &Server, series: u32) -> Result<f64> {
    let (mut connection, request) = (Connection::open(server.port).await?, request());
    let before = server.cpu()?;
    for _ in 0..series {
        connection.call(&request, "200").await?;
    }
    Ok((server.cpu()? - before).as_secs_f64() * 1e3 / f64::from(series))
}

async fn beside_the_hash(report: &mut Report, kind: &Kind, server: &Server) -> Result<()> {
    let (mut hashes, mut all) = (Vec::new(), Vec::new());
    // In turns; the first of each warms up and is not the least.
    for _ in 0..4 {
        hashes.push(bare(kind).await?);
        all.push(sign_ins(server, kind.series).await?);
        all.push(sign_ins(server, kind.series).await?);
        hashes.push(bare(kind).await?);
    }
    let (hash, sign_in, name) = (least(&hashes), least(&all), kind.name);
    report.figure(&format!("  bare hash ({name})"), hash, "ms CPU", Limit::None);
    report.figure(&format!("sign-in ({name})"), sign_in, "ms CPU", Limit::None);
    let ratio = sign_in / hash;
    report.figure(
        &format!("sign-in against the bare hash ({name})"),
        ratio,
        "x",
        Limit::AtMost(TARGET),
    );
    let limit = hashes_per_second(kind).await?;
    let rate = per_second(CALLERS, |_| sign_in_over_and_over(server.port)).await?;
    report.figure(&format!("  bare hashes, two threads ({name})"), limit, "1/s", Limit::None);
    report.figure(&format!("sign-ins, {CALLERS} callers ({name})"), rate, "1/s", Limit::None);
    Ok(())
}

async fn hashes_per_second(kind: &Kind) -> Result<f64> {
    let (hash, end) = (kind.bare, Instant::now() + SATURATED);
    let mut threads = JoinSet::new();
    for _ in 0..2 {
        threads.spawn_blocking(move || {
            let mut done = 0_u32;
            while Instant::now() < end {
                hash();
                done += 1;
            }
            done
        });
    }
    let done: u32 = threads.join_all().await.into_iter().sum();
    Ok(f64::from(done) / SATURATED.as_secs_f64())
}

/// How often `work` succeeds in a second when so many do it over and over.
async fn per_second<F>(callers: usize, work: impl Fn(usize) -> F) -> Result<f64>
where
    F: Future<Output = Result<u32>> + Send + 'static,
{
    let mut set = JoinSet::new();
    (0..callers).for_each(|number| drop(set.spawn(work(number))));
    let mut done = 0;
    while let Some(result) = set.join_next().await {
        done += result??;
    }
    Ok(f64::from(done) / SATURATED.as_secs_f64())
}

async fn sign_in_over_and_over(port: u16) -> Result<u32> {
    let (mut connection, request) = (Connection::open(port).await?, request());
    let (mut done, end) = (0, Instant::now() + SATURATED);
    while Instant::now() < end {
        connection.call(&request, "200").await?;
        done += 1;
    }
    Ok(done)
}

/// Each caller renews the session that it has just renewed.
async fn refreshes(report: &mut Report, server: &Server) -> Result<()> {
    let before = server.cpu()?;
    let rate = per_second(CALLERS, |_| refresh_over_and_over(server.port)).await?;
    // The sign-ins of the callers, which come first, are in it too.
    let spent = (server.cpu()? - before).as_secs_f64();
    report.figure(&format!("refreshes, {CALLERS} callers"), rate, "1/s", Limit::None);
    let micros = spent * 1e6 / (rate * SATURATED.as_secs_f64());
    report.figure("a refresh", micros, "us CPU", Limit::None);
    Ok(())
}

async fn refresh_over_and_over(port: u16) -> Result<u32> {
    let mut connection = Connection::open(port).await?;
    let mut token = refresh_token(connection.call(&request(), "200").await?)?;
    let (mut done, end) = (0, Instant::now() + SATURATED);
    while Instant::now() < end {
        let body = json!({"grant_type": "refresh_token", "refresh_token": token}).to_string();
        token = refresh_token(connection.call(&post("/v1/auth/token", &body), "200").await?)?;
        done += 1;
    }
    Ok(done)
}

fn refresh_token(answer: &[u8]) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer)?;
    Ok(answer["refresh_token"].as_str().context("a refresh token")?.to_owned())
}

/// Makes the account, with a hash by `scheme`, in a firm that knows nothing of factors.
async fn account(world: &World, scheme: &str) -> Result<()> {
    let scheme = users::passwords::Scheme::parse(scheme).context("a scheme")?;
    let password = Password::parse(PASSWORD).map_err(|_| anyhow::anyhow!("a password"))?;
    let hash = users::passwords::Passwords::new(scheme).hash(&password).await;
    let hash = hash.map_err(|_| anyhow::anyhow!("a hash"))?;
    let text = format!(
        "delete from users.users where email = '{EMAIL}';
         with made as (select users.create_local_account(jsonb_build_object('email', '{EMAIL}', 'hash', '{hash}',
             'issuer', '{ISSUER}', 'verified_at', '2026-01-01Z')) as id)
         insert into users.memberships (tenant_id, user_id) select '{}', id from made",
        Firm::Meridian.tenant_id()
    );
    world.superuser.batch_execute(&text).await.context("an account")
}

/// Elapsed time of a check in one thread, and of the first one of a process, which asks the database
/// for the issuer and its keys.
async fn tokens(report: &mut Report) -> Result<()> {
    const TOKENS: usize = 2_000;
    let app = TestApp::new().await;
    let now = app.clock.now();
    let all: Vec<String> = (0..TOKENS).map(|_| app.token(Firm::Meridian, "admin", &[])).collect();
    let verifier = &app.app.verifier;
    let (mut fresh, mut again, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for token in &all {
        for times in [&mut fresh, &mut again] {
            let started = Instant::now();
            verifier.verify(token, now).await.context("a good token")?;
            times.push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    for token in &all[..50] {
        let cold = testkit::verifier(&app.app.db);
        let started = Instant::now();
        cold.verify(token, now).await.context("a good token")?;
        first.push(started.elapsed().as_secs_f64() * 1e6);
    }
    report.figure("token check, a new token, key known", median(fresh), "us", Limit::None);
    report.figure("token check, seen within a minute", median(again), "us", Limit::None);
    report.figure(
        "token check, first of a process (asks the database)",
        median(first),
        "us",
        Limit::None,
    );
    Ok(())
}
