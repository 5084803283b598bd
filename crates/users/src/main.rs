//! The Lambda of the users context.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let services = users::Services::from_env().await.map_err(|error| error.to_string())?;
    let (routes, _) = users::router(services).split_for_parts();
    wealth_http::serve(routes, None).await
}
