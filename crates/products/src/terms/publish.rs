//! POST /v1/products/{product_id}/terms

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::ids::ProductId;
use wealth_core::problem;
use wealth_core::shape::TermsText;
use wealth_core::text;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, json};

use super::Terms;

/// New terms and conditions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTerms {
    /// The text, 1 to 200,000 characters.
    #[schema(required = true, value_type = TermsText)]
    text: Option<String>,
}

impl NewTerms {
    fn validate(self) -> Result<String, Violations> {
        let mut v = Violations::new();
        let rule = text::Rule { min: 1, ..text::TERMS };
        match self.text.map(|text| text::clean(&text, rule, "/text", &mut v)) {
            Some(Some(text)) => return Ok(text),
            Some(None) => {}
            None => v.add("/text", "required", "is required"),
        }
        Err(v)
    }
}

/// Publish terms and conditions
///
/// They hold from now on; the texts before them are kept. The text that is in force already makes
/// no new version and is answered 200. No If-Match is asked for: a text that another person
/// published meanwhile is kept as the version before this one.
#[utoipa::path(
    post,
    path = "/v1/products/{product_id}/terms",
    operation_id = "product_terms_publish",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = NewTerms,
    responses(
        (status = 201, description = "The new version", body = Terms,
            headers(("Location" = String))),
        (status = 200, description = "The version that has this text", body = Terms,
            headers(("Location" = String))),
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    input: Input<NewTerms>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_terms_publish", &principal, input.idempotency.required()?);
    let text = input.body.validate()?;
    let (done, before, row) = publish(write, &allowed, id, &text).await?;
    let terms = Terms::read(&row);
    let is_new = terms.terms_version != before;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let location = format!("/v1/products/{id}/terms/{}", terms.terms_version);
    done.reply(json(status, &terms)?.header(header::LOCATION, &location)).await
}

/// The number in force before, and the version that has the text now.
async fn publish(
    write: Write,
    _: &Authorized<EditProducts>,
    id: ProductId,
    text: &str,
) -> Result<(Done, i32, Row)> {
    let (id, newest) = (id.uuid(), None::<i32>);
    let (done, mut answers) = write
        .last(&[
            (sql!("products", "terms_number"), &[p::uuid(&id)]),
            (sql!("products", "terms_publish"), &[p::uuid(&id), p::text(&text)]),
            (sql!("products", "terms_get"), &[p::uuid(&id), p::int4(&newest)]),
        ])
        .await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::PRODUCT_NOT_FOUND)?;
    let before = answers.swap_remove(0).one_or(&problem::PRODUCT_NOT_FOUND)?;
    Ok((done, before.get(0), row))
}
