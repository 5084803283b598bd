//! The Lambda of the products context.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    wealth_http::serve(products::router(), None).await
}
