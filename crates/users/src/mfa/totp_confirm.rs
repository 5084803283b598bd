//! POST /v1/users/me/mfa/totp/{factor_id}/confirm

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{Checked, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Enrollee, Input, PathParams, Problem, Result, Row404, json};

use super::proof::{Method, TotpCode};
use super::recovery::RecoveryCodes;
use super::session::{RaisedSession, raised};
use super::{own_user, too_many, totp};
use crate::field::Sealed;
use crate::services::Services;

/// The first code of a new authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmTotp {
    /// Six digits.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = "^[0-9]{6}$", example = "123456")]
    code: Checked<TotpCode>,
}

/// A factor that counts from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrolled {
    pub(crate) factor_id: Uuid,
    /// Ten codes for when the factor is gone, each good once; there only if there were none. Shown
    /// once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recovery_codes: Option<RecoveryCodes>,
    /// The session, now with a second factor behind it.
    pub(crate) session: RaisedSession,
}

/// Confirm an authenticator app with its first code
///
/// The code is spent by it and cannot be used to sign in.
#[utoipa::path(post, path = "/v1/users/me/mfa/totp/{factor_id}/confirm",
    operation_id = "mfa_totp_confirm", tag = "mfa",
    params(("factor_id" = Uuid, Path, description = "The factor")),
    request_body = ConfirmTotp,
    responses((status = 200, description = "The factor counts", body = Enrolled)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Enrollee,
    PathParams(factor_id): PathParams<Uuid>,
    input: Input<ConfirmTotp>,
) -> Result<Response> {
    principal.step_up_to_enrol()?;
    let mut v = Violations::new();
    let code = input.body.code.required("/code", &mut v);
    v.into_result(())?;
    let Some(TotpCode(code)) = code else { return Err(Problem::internal("a code without a code")) };
    let keys = services.keys.get(&app).await?;
    let user_id = own_user(&principal);
    let mut tx = app.db.begin("mfa_totp_confirm", principal.context());
    let found = tx.query(sql!("users", "begin_totp_confirmation"), &[p::uuid(&factor_id)]).await?;
    let row = found.one_or(&problem::NOT_FOUND)?;
    let wait: i32 = row.get("wait");
    let key_version = u32::try_from(row.get::<_, i32>("key_version")).unwrap_or_default();
    let sealed = Sealed { key_version, bytes: row.get("secret") };
    let secret = totp::field(user_id, factor_id).open(&keys, &sealed);
    let secret = secret.ok_or_else(|| Problem::internal("a factor's secret does not open"))?;
    let step = totp::matching_step(&secret, &code, principal.context().now);
    let Some(step) = step.filter(|_| wait == 0) else {
        // The count of the try is kept.
        tx.commit().await?;
        return Err(if wait > 0 { too_many(wait) } else { wrong_code() });
    };
    let (codes, hashes) = RecoveryCodes::generate()?;
    let methods = Method::Totp.references();
    let params = [p::uuid(&factor_id), p::int8(&step), p::texts(&hashes), p::texts(&methods)];
    let rows = tx.query_and_commit(sql!("users", "confirm_totp"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let recovery_codes = row.get::<_, bool>("codes_made").then_some(codes);
    let session = raised(&app, &services, &principal, &row).await?;
    Ok(json(StatusCode::OK, &Enrolled { factor_id, recovery_codes, session })?.into_response())
}

/// The code is not the app's.
fn wrong_code() -> Problem {
    Violations::one("/code", "wrong_code", "is not the code of this authenticator at this moment")
        .into()
}
