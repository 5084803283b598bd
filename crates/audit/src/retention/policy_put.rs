//! A firm's own, longer period.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use wealth_core::authz::{Authorized, ManageRetention};
use wealth_core::problem;
use wealth_core::retention::{NewRetentionOverride, RetentionOverride};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, IfMatch, Input, PathParams, Principal, Result, Row404, Write, json as reply,
};

use super::policies::RetentionPolicy;
use crate::query;

/// Keep a class of records longer
///
/// From today on and for the records that are there, too. It may be shortened again, down to the
/// platform's rule, for records that are made afterwards; what was promised stays promised. A class
/// whose records do not end by a period refuses one (`state_conflict`). If-Match takes the version,
/// quoted: `"0"` the first time.
#[utoipa::path(
    put,
    path = "/v1/audit/retention-policies/{class}",
    operation_id = "retention_policies_put",
    tag = "audit",
    params(
        ("class" = String, Path, description = "The class of records"),
        ("If-Match" = String, Header, description = "Version of the firm's period as ETag, or `*`"),
    ),
    request_body = NewRetentionOverride,
    responses((status = 200, description = "The policy", body = RetentionPolicy))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(class): PathParams<String>,
    IfMatch(expected): IfMatch,
    input: Input<NewRetentionOverride>,
) -> Result<Response> {
    let proof = principal.authorize::<ManageRetention>()?;
    let class = query::path_name(&class)?;
    let wanted = input.body.validate()?;
    let write = app.write("retention_policies_put", &principal, &input.idempotency);
    let (done, row) = put(&proof, write, &class, wanted, expected).await?;
    let answer = reply(StatusCode::OK, &RetentionPolicy::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}

async fn put(
    _proof: &Authorized<ManageRetention>,
    write: Write,
    class: &str,
    wanted: RetentionOverride,
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let put = [
        p::text(&class),
        p::int4(&wanted.months),
        p::int4(&wanted.days),
        p::text(&wanted.reason),
        p::int8(&expected),
    ];
    let one = [p::text(&class)];
    let (done, mut answers) = write
        .last(&[
            (sql!("audit", "retention_policy_put"), &put),
            (sql!("audit", "retention_policies"), &one),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
