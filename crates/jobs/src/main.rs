//! The jobs Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let services = jobs::Services::from_env();
    let events = move |app, event, ends| jobs::on_event(app, services.clone(), event, ends);
    wealth_http::serve_events(std::sync::Arc::new(events)).await
}
