//! What others reach with the same statements: Fastify with pg, and pgbench.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use wealth_http::auth::LocalIssuer;

use crate::server::{Server, cpu_of, free_port};
use crate::world::{World, root};

/// Fastify serving the same read, if npm brought it (`.ci/tools bench`).
pub(crate) async fn fastify(world: &World, pool: usize) -> Result<Server> {
    let home = root().join(".local/fastify");
    anyhow::ensure!(
        home.join("node_modules").is_dir(),
        "peer missing: .ci/tools bench installs it"
    );
    let port = free_port().await?;
    let mut command = Command::new("node");
    command.arg(home.join("server.js")).env("NODE_ENV", "production");
    command.env("PORT", port.to_string()).env("POOL", pool.to_string());
    command.env("DATABASE_URL", world.url(world.port));
    command.env("JWKS", world.issuer.jwks().to_string());
    command.env("ISSUER", LocalIssuer::ISSUER).env("AUDIENCE", LocalIssuer::AUDIENCE);
    command.env("QUERY_FILE", root().join("sql/products/queries/get_by_id.sql"));
    Server::start(&mut command, port).await.context("peer missing")
}

/// What pgbench reached.
pub(crate) struct Pgbench {
    pub(crate) per_second: f64,
    pub(crate) cpu_micros: f64,
}

/// The same transaction, pipelined, unnamed statements as a pooler needs them.
pub(crate) async fn pgbench(world: &World, clients: usize, seconds: u64) -> Result<Pgbench> {
    let script = std::env::temp_dir().join(format!("wealth-bench-{}.sql", std::process::id()));
    std::fs::write(&script, transaction(world))?;
    let mut child = Command::new(program()?)
        .args(["-n", "-M", "extended", "-j", "1", "-c", &clients.to_string()])
        .args(["-T", &seconds.to_string(), "-f"])
        .arg(&script)
        .arg(world.url(world.port))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("peer missing: pgbench")?;
    let pid = child.id().context("pgbench has ended")?;
    let mut output = String::new();
    let mut stdout = child.stdout.take().context("pgbench's output")?;
    let mut cpu = std::time::Duration::ZERO;
    let mut reading = std::pin::pin!(stdout.read_to_string(&mut output));
    loop {
        tokio::select! {
            read = &mut reading => { read?; break }
            () = crate::world::rest(50) => cpu = cpu_of(pid).unwrap_or(cpu),
        }
    }
    child.wait().await?;
    let _removed = std::fs::remove_file(&script);
    let number = |label: &str| -> Option<f64> {
        let line = output.lines().find(|line| line.starts_with(label))?;
        line.split(&['=', ':', '/', '('][..]).nth(1)?.split_whitespace().next()?.parse().ok()
    };
    let transactions =
        number("number of transactions actually processed").context("pgbench failed")?;
    let per_second = number("tps").context("pgbench gave no rate")?;
    Ok(Pgbench { per_second, cpu_micros: cpu.as_secs_f64() * 1e6 / transactions })
}

fn transaction(world: &World) -> String {
    let query = include_str!("../../../sql/products/queries/get_by_id.sql");
    let query: Vec<&str> = query.lines().filter(|line| !line.starts_with("--")).collect();
    let query = query.join(" ").replace("$1", &format!("'{}'", world.product));
    let tenant = testkit::Firm::Meridian.tenant_id();
    format!(
        "\\startpipeline\nbegin read only;\n\
         select platform.begin_request('{tenant}', '{}', 'admin-a', '{{ProductAdministrator}}', true, now(), \
         gen_random_uuid(), null, null, 'pgbench', 'product_get');\n{query};\ncommit;\n\\endpipeline\n",
        LocalIssuer::ISSUER
    )
}

fn program() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let servers = ["/usr/lib/postgresql".into(), root().join(".local/postgres")];
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for server in servers {
        let versions = std::fs::read_dir(server).into_iter().flatten().flatten();
        places.extend(versions.map(|version| version.path().join("bin")));
    }
    let found = places.into_iter().map(|place| place.join("pgbench")).find(|file| file.is_file());
    found.context("peer missing: no pgbench")
}
