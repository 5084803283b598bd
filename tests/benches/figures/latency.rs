//! The median of one request when the database is a millisecond away, which is what a Lambda
//! function behind RDS Proxy sees at best.

use std::time::{Duration, Instant};

use anyhow::Result;
use testkit::proxy::Proxy;

use crate::load::{Connection, get, send};
use crate::report::{Limit, Report, median};
use crate::server::Server;
use crate::world::World;

/// Half of the injected round trip.
const EACH_WAY: Duration = Duration::from_micros(500);
const REQUESTS: usize = 300;

/// Runs the section.
pub(crate) async fn run(report: &mut Report, world: &World) -> Result<()> {
    report.section("One caller, database 1 ms away, median of 300");
    let proxy = Proxy::start(world.port).await;
    proxy.delay(EACH_WAY);
    let bare = bare(world, &proxy).await?;
    report.figure("  one unnamed statement, no transaction (the limit)", bare, "ms", Limit::None);

    let server = Server::ours(&world.url(proxy.port()), 1).await?;
    let token = world.token();
    let mut connection = Connection::open(server.port).await?;
    let read = get(&world.path(), &token);
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        let started = Instant::now();
        connection.call(&read, "200").await?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let read = median(times);
    report.figure("tenant read", read, "ms", Limit::AtMost(1.6));
    report.figure("tenant read against the limit", read / bare, "x", Limit::None);

    let path = format!("{}/rates", world.path());
    for (name, key) in [("tenant write (rate)", false), ("tenant write (rate), with a key", true)] {
        let mut times = Vec::new();
        for number in 0..REQUESTS / 3 {
            let body = format!("{{\"base_rate\":\"{}.{number:04}\"}}", if key { 6 } else { 5 });
            let id =
                if key { format!("idempotency-key: bench-{number}\r\n") } else { String::new() };
            let put = send("PUT", &path, &token, &format!("if-match: *\r\n{id}"), &body);
            let started = Instant::now();
            connection.call(&put, "200").await?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
        report.figure(name, median(times), "ms", Limit::None);
    }
    server.stop().await
}

async fn bare(world: &World, proxy: &Proxy) -> Result<f64> {
    let url = world.url(proxy.port());
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        let started = Instant::now();
        client.query_typed("select 1", &[]).await?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    driver.abort();
    Ok(median(times))
}
