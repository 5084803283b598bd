//! The jobs of retention by hand: disposal and the erasure of the audit log.

use anyhow::{Result, anyhow};
use wealth_http::Problem;

use crate::import::target::Target;
use crate::output::say;
use crate::server;

/// Proposes and disposes of until nothing is left to do.
pub(super) async fn dispose() -> Result<()> {
    let target = Target::open().await?;
    let app = server::reading(target.db.clone());
    let mut all = audit::Swept::default();
    let ended = loop {
        match audit::sweep(&app).await {
            Ok(swept) => {
                all.proposed += swept.proposed;
                all.disposed += swept.disposed;
                all.kept += swept.kept;
                all.certified += swept.certified;
                if !swept.more {
                    break Ok(());
                }
            }
            Err(problem) => break Err(told(&problem)),
        }
    };
    target.stop().await;
    say(&format!(
        "{} lists proposed; {} records disposed of, {} kept, {} disposals certified",
        all.proposed, all.disposed, all.kept, all.certified
    ));
    ended
}

/// Erases until nothing is left to do.
pub(super) async fn erase() -> Result<()> {
    let target = Target::open().await?;
    let app = server::reading(target.db.clone());
    let mut events = 0;
    let ended = loop {
        match audit::shred(&app).await {
            Ok(shredded) => {
                events += shredded.events;
                if !shredded.more {
                    break Ok(());
                }
            }
            Err(problem) => break Err(told(&problem)),
        }
    };
    target.stop().await;
    say(&format!("{events} events erased in part"));
    ended
}

fn told(problem: &Problem) -> anyhow::Error {
    anyhow!(problem.why())
}
