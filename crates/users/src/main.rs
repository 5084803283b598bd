//! The Lambda of the users context.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let services = users::Services::from_env().await.map_err(|error| error.to_string())?;
    let routes = users::router(services);
    wealth_http::serve(routes, Some(std::sync::Arc::new(users::on_event))).await
}
