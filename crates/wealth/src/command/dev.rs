//! `wealth dev` (`make run`): the whole platform on this machine.

use anyhow::{Result, bail};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::database::Database;
use crate::output::say;
use crate::signals::Signals;
use crate::{identity, samples, server};

/// Starts database and server, prints sample requests and serves until told to stop.
///
/// # Errors
/// One line: the port is taken, no database can be had, or the schema cannot be brought up to date.
pub async fn run(port: u16) -> Result<()> {
    let mut signals = Signals::new()?;
    let listener = server::listen(port).await?;
    let database = tokio::select! {
        ready = Database::prepare() => ready?,
        _ = signals.next() => return Ok(()),
    };
    serve(listener, port, database, &mut signals).await
}

async fn serve(
    listener: TcpListener,
    port: u16,
    mut database: Database,
    signals: &mut Signals,
) -> Result<()> {
    let services = identity::services(port)?;
    let jobs = identity::job_services(&database.config, services.clone())?;
    let app = server::application(database.config.clone(), &services).await?;
    if let Err(error) = app.db.warm_up().await {
        database.stop().await;
        return Err(error.into());
    }
    if database.is_demo {
        say(&samples::text(&app, &services, port).await?);
    }
    say(&format!("Serving http://127.0.0.1:{port}, described at /docs. Ctrl-C stops."));
    wealth_http::init_logging();
    let (stop, stopped) = oneshot::channel();
    let serving =
        tokio::spawn(async move { server::serve(listener, &app, &services, &jobs, stopped).await });
    let lost = tokio::select! {
        _ = signals.next() => false,
        () = database_gone(&mut database) => true,
    };
    // Fails only if serving has ended by itself, which the next line reports.
    let _ = stop.send(());
    let served = serving.await?;
    database.stop().await;
    if lost {
        bail!("the database server has gone; start again");
    }
    served
}

/// Ends when our own server has ended; never for a server that is not ours.
async fn database_gone(database: &mut Database) {
    match &mut database.server {
        Some(server) => server.gone().await,
        None => std::future::pending().await,
    }
}
