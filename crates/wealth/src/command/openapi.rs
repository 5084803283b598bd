//! `wealth openapi`: the documents of the API, from the code that serves it.

use std::path::Path;

use anyhow::{Context as _, Result};
use utoipa::openapi::OpenApi;
use wealth_db::DbConfig;

use crate::output::write_generated;
use crate::{identity, server};

/// Writes `wealth.json` and one document per function to `out`.
///
/// # Errors
/// A file cannot be written.
pub async fn run(out: &Path) -> Result<()> {
    // Routes are built around an application, whose database is never asked here.
    let services = identity::for_documents()?;
    let nowhere = DbConfig::from_url("postgres://nobody@127.0.0.1:1/none")?;
    let app = server::application(nowhere, &services).await?;
    write(out, "wealth", &server::merged_document(&app, &services))?;
    for (name, routes) in server::contexts(&services) {
        write(out, name, &server::document(&app, routes))?;
    }
    Ok(())
}

fn write(out: &Path, name: &str, document: &OpenApi) -> Result<()> {
    let json = document.to_pretty_json().context("cannot write the OpenAPI document")?;
    write_generated(&out.join(format!("{name}.json")), &format!("{json}\n"))
}
