//! The rates Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    wealth_http::serve(rates::router(), Some(std::sync::Arc::new(rates::on_event))).await
}
