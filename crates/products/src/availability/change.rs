//! PATCH /v1/products/{product_id}/availability/{availability_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::dates::DateWindow;
use wealth_core::ids::{AvailabilityId, ProductId};
use wealth_core::parse::Checked;
use wealth_core::patch::Patch;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, PathParams, Principal, Result, Row404, Write, json};

use super::Availability;

/// A merge patch for a window: an absent day stays as it is.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WindowPatch {
    /// First day; cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = NaiveDate)]
    start_date: Patch<Checked<NaiveDate>>,
    /// Last day; cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = NaiveDate)]
    end_date: Patch<Checked<NaiveDate>>,
}

type Ends = (Option<NaiveDate>, Option<NaiveDate>);

impl WindowPatch {
    fn validate(self) -> Result<Ends, Violations> {
        let mut v = Violations::new();
        let start = day(self.start_date, "/start_date", &mut v);
        let end = day(self.end_date, "/end_date", &mut v);
        if let (Some(start), Some(end)) = (start, end)
            && let Err(error) = DateWindow::new(start, end)
        {
            v.add("/end_date", error.code, error.message);
        }
        v.into_result((start, end))
    }
}

fn day(patch: Patch<Checked<NaiveDate>>, at: &str, v: &mut Violations) -> Option<NaiveDate> {
    match patch {
        Patch::Keep => None,
        Patch::Set(day) => day.optional(at, v),
        Patch::Clear => {
            v.add(at, "required", "cannot be cleared");
            None
        }
    }
}

/// Change an availability window
///
/// A merge patch (RFC 7396). The window may touch but not overlap another active one.
#[utoipa::path(
    patch,
    path = "/v1/products/{product_id}/availability/{availability_id}",
    operation_id = "product_availability_change",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("availability_id" = AvailabilityId, Path, description = "The window"),
        ("If-Match" = String, Header, description = "The product's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body(content((WindowPatch = "application/merge-patch+json"))),
    responses((status = 200, description = "The window; the ETag is the product's",
        body = Availability, headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(ids): PathParams<(ProductId, AvailabilityId)>,
    IfMatch(version): IfMatch,
    input: Input<WindowPatch>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_availability_change", &principal, &input.idempotency);
    let ends = input.body.validate()?;
    let (done, row) = update(write, &allowed, ids, ends, version).await?;
    let reply = json(StatusCode::OK, &Availability::read(&row))?;
    done.reply(reply.etag(row.get("version"))).await
}

async fn update(
    write: Write,
    _: &Authorized<EditProducts>,
    (product, window): (ProductId, AvailabilityId),
    (start, end): Ends,
    version: Option<i64>,
) -> Result<(Done, Row)> {
    let (product, window) = (product.uuid(), window.uuid());
    let (done, mut answers) = write
        .last(&[
            (
                sql!("products", "availability_change"),
                &[
                    p::uuid(&product),
                    p::uuid(&window),
                    p::date(&start),
                    p::date(&end),
                    p::int8(&version),
                ],
            ),
            (sql!("products", "availability_get"), &[p::uuid(&product), p::uuid(&window)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
