//! The audit Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let services = audit::Services::from_env().await.map_err(|error| error.to_string())?;
    let events = move |app, event| audit::on_event(app, services.clone(), event);
    wealth_http::serve(audit::router(), Some(std::sync::Arc::new(events))).await
}
