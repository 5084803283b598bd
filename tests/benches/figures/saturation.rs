//! Processor time of a tenant read on a saturated server: token verified, rows behind row level
//! security, one log line. Ours, a bare axum and Fastify take turns; the least of each counts.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::bare::BARE;
use crate::load::{Connection, get, saturate};
use crate::peers;
use crate::report::{self, Limit, Report};
use crate::server::Server;
use crate::world::World;

/// Callers at once; each server has as many database connections.
const CONNECTIONS: usize = 16;
/// One series.
const SERIES: Duration = Duration::from_millis(1500);
/// µs per read: 1.25 times a bare axum with the same transaction.
const TARGET: f64 = 37.0;

/// Runs the section.
pub(crate) async fn run(report: &mut Report, world: &World) -> Result<()> {
    report.section("Tenant read, saturated, 16 callers");
    let request = get(&world.path(), &world.token());
    let ours = Server::ours(&world.url(world.port), CONNECTIONS).await?;
    let peer = peers::fastify(world, CONNECTIONS).await;
    let bare = Server::own(BARE, &world.url(world.port), CONNECTIONS).await?;
    let (mut mine, mut least, mut theirs) =
        (Samples::default(), Samples::default(), Samples::default());
    if let Ok(peer) = &peer {
        same_answer(&ours, peer, &request).await?;
    }
    // The first series warms both up and is forgotten.
    for round in 0..4 {
        if round == 1 {
            (mine, least, theirs) = (Samples::default(), Samples::default(), Samples::default());
        }
        mine.add(&ours, &request).await?;
        least.add(&bare, &request).await?;
        if let Ok(peer) = &peer {
            theirs.add(peer, &request).await?;
            theirs.add(peer, &request).await?;
        }
        least.add(&bare, &request).await?;
        mine.add(&ours, &request).await?;
    }
    report.figure("processor time per read", mine.micros(), "us", Limit::AtMost(TARGET));
    report.figure("reads per second", mine.rate(), "1/s", Limit::None);
    if let Some(pid) = ours.pid() {
        report.figure("resident memory of the server", resident(pid)?, "MB", Limit::None);
    }
    report.figure(
        "  bare axum, same statements, no token, no log line",
        least.micros(),
        "us",
        Limit::None,
    );
    let ratio = mine.micros() / least.micros();
    report.figure("processor time against bare axum", ratio, "x", Limit::AtMost(1.25));
    match &peer {
        Ok(_) => {
            report.figure("  Fastify 5 + pg, same transaction", theirs.micros(), "us", Limit::None);
            report.figure("  Fastify 5 + pg, reads per second", theirs.rate(), "1/s", Limit::None);
            let ratio = mine.micros() / theirs.micros();
            report.figure("processor time against Fastify", ratio, "x", Limit::AtMost(0.5));
        }
        Err(error) => report.missing("processor time against Fastify", &format!("{error:#}")),
    }
    ours.stop().await?;
    bare.stop().await?;
    if let Ok(peer) = peer {
        peer.stop().await?;
    }
    match peers::pgbench(world, CONNECTIONS, 4).await {
        Ok(limit) => {
            let name = "  pgbench, same statements pipelined, its own time";
            report.figure(name, limit.cpu_micros, "us", Limit::None);
            let name = "  pgbench, transactions per second";
            report.figure(name, limit.per_second, "1/s", Limit::None);
            let share = mine.rate() / limit.per_second;
            report.figure("reads per second against pgbench", share, "x", Limit::None);
        }
        Err(error) => report.missing("reads per second against pgbench", &format!("{error:#}")),
    }
    Ok(())
}

#[derive(Default)]
struct Samples {
    micros: Vec<f64>,
    rates: Vec<f64>,
}

impl Samples {
    async fn add(&mut self, server: &Server, request: &[u8]) -> Result<()> {
        let before = server.cpu()?;
        let answers = saturate(server.port, request, CONNECTIONS, SERIES).await?;
        let spent = server.cpu()? - before;
        anyhow::ensure!(answers > 100, "only {answers} answers in a series");
        let answers = f64::from(u32::try_from(answers)?);
        self.micros.push(spent.as_secs_f64() * 1e6 / answers);
        self.rates.push(answers / SERIES.as_secs_f64());
        Ok(())
    }

    fn micros(&self) -> f64 {
        report::least(&self.micros)
    }

    fn rate(&self) -> f64 {
        self.rates.iter().copied().fold(0.0, f64::max)
    }
}

/// A peer that answers something else proves nothing.
async fn same_answer(ours: &Server, peer: &Server, request: &[u8]) -> Result<()> {
    let read = async |server: &Server| -> Result<serde_json::Value> {
        let mut connection = Connection::open(server.port).await?;
        Ok(serde_json::from_slice(connection.call(request, "200").await?)?)
    };
    let (mine, theirs) = (read(ours).await?, read(peer).await?);
    let names = |value: &serde_json::Value| -> Option<Vec<String>> {
        let mut names: Vec<String> = value.as_object()?.keys().cloned().collect();
        names.sort();
        Some(names)
    };
    anyhow::ensure!(
        names(&mine).is_some() && names(&mine) == names(&theirs),
        "other members: {mine} {theirs}"
    );
    for name in ["product_id", "cusip", "base_rate", "terms_and_conditions", "availability"] {
        anyhow::ensure!(mine[name] == theirs[name], "{name} differs: {mine} {theirs}");
    }
    Ok(())
}

fn resident(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}
