//! The audit Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    wealth_http::serve(audit::router(), None).await
}
