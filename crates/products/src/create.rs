//! POST /v1/products

use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::ids::{AvailabilityId, ProductId, RateId};
use wealth_core::problem;
use wealth_core::product::{NewProduct, ProductDraft};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use crate::view::ProductView;

/// Create a product
///
/// Opens the rate history with the given rates from the firm's business date on, publishes the
/// first terms and conditions and sets the first availability window, all or nothing. The CUSIP
/// must be new to the firm.
#[utoipa::path(
    post,
    path = "/v1/products",
    operation_id = "products_create",
    tag = "products",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewProduct,
    responses((status = 201, description = "The product", body = ProductView,
        headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewProduct>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_create", &principal, input.idempotency.required()?);
    let draft = input.body.validate()?;
    let (done, rows) = insert(write, &allowed, &app, &draft).await?;
    let row = rows.one_or(&problem::PRODUCT_NOT_FOUND)?;
    let view = ProductView::read(&row)?;
    let location = format!("/v1/products/{}", view.summary.product_id);
    done.reply(created(&location, &view)?.etag(view.summary.version)).await
}

async fn insert(
    write: Write,
    _: &Authorized<EditProducts>,
    app: &App,
    draft: &ProductDraft,
) -> Result<(Done, Vec<Row>)> {
    let id = ProductId::new(&*app.ids);
    let windows: Vec<_> = draft
        .availability
        .iter()
        .map(|window| {
            json!({
                "availability_id": AvailabilityId::new(&*app.ids),
                "start_date": window.start_date,
                "end_date": window.end_date,
            })
        })
        .collect();
    let options = json!({
        "product_id": id,
        "rate_history_id": RateId::new(&*app.ids),
        "product_subtype": draft.product_subtype,
        "isin": draft.isin,
        "issuer": draft.issuer,
        "currency": draft.currency,
        "states": (!draft.states.is_empty()).then_some(&draft.states),
        "annuity_terms": draft.annuity_terms,
        "cd_terms": draft.cd_terms,
        "availability": windows,
    });
    let maximum = draft.maximum_investment.map(|amount| amount.decimal());
    let returned = draft.return_of_premium_percentage.map(|share| share.decimal());
    let id = id.uuid();
    let (done, mut answers) = write
        .last(&[
            (
                sql!("products", "create"),
                &[
                    p::text(&draft.cusip.as_str()),
                    p::text(&draft.product_name),
                    p::text(&draft.product_type.as_str()),
                    p::text(&draft.description),
                    p::numeric(&draft.minimum_investment.decimal()),
                    p::numeric(&maximum),
                    p::numeric(&draft.base_rate.decimal()),
                    p::numeric(&draft.bonus_rate.decimal()),
                    p::bool(&draft.return_of_premium),
                    p::numeric(&returned),
                    p::text(&draft.terms_and_conditions),
                    p::json(&options),
                ],
            ),
            (sql!("products", "get_by_id"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default()))
}
