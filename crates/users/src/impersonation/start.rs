//! POST /v1/users/{user_id}/impersonate

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, Impersonate};
use wealth_core::shape::Note;
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, json as reply};

use crate::services::Services;
use crate::tokens::access::AccessClaims;

/// Why somebody acts in another's place.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImpersonationReason {
    /// Shown in the list of impersonations.
    #[schema(value_type = Note)]
    reason: String,
}

/// A token in another person's place. Never logged: it shows nothing of itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImpersonationToken {
    /// Sent as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds that it lasts; it cannot be renewed.
    #[schema(example = 1800)]
    expires_in: i64,
    /// The session: ends by `DELETE /v1/users/impersonations/{impersonation_id}`.
    impersonation_id: Uuid,
    /// The person in whose place it acts.
    user_id: Uuid,
    /// What to show while it acts, in a banner that cannot be overlooked.
    acting_as: String,
    /// The roles in the token.
    roles: Vec<String>,
}

/// Act in another person's place
///
/// For half an hour, without renewal; not in the place of a system administrator. The audit log
/// names the one who really acts. What is sensitive, credentials and further impersonation are out
/// of reach. Takes a recent sign-in. The answer is not kept under an Idempotency-Key: it is a secret.
#[utoipa::path(post, path = "/v1/users/{user_id}/impersonate", operation_id = "user_impersonate",
    tag = "users", params(("user_id" = Uuid, Path, description = "The person")),
    request_body = ImpersonationReason,
    responses((status = 200, description = "A token", body = ImpersonationToken)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Principal,
    PathParams(user): PathParams<Uuid>,
    input: Input<ImpersonationReason>,
) -> Result<Response> {
    let allowed = principal.authorize::<Impersonate>()?;
    let mut v = Violations::new();
    let reason = text::clean(&input.body.reason, text::REASON, "/reason", &mut v);
    let reason = v.into_result(reason.unwrap_or_default())?;
    // Before the session is there: without a key to sign with there is no token for it.
    let keys = services.keys.get(&app).await?;
    let session = app.ids.next();
    let write = app.write("user_impersonate", &principal, &input.idempotency.forgotten());
    let (done, row) = open(write, &allowed, user, session, &reason).await?;
    let roles: Vec<String> = row.get("roles");
    let (started, expires): (DateTime<Utc>, DateTime<Utc>) =
        (row.get("started_at"), row.get("expires_at"));
    let lifetime = expires - started;
    let claims = AccessClaims {
        tenant_id: principal.context().tenant_id,
        user_id: user,
        session_id: session,
        token_id: app.ids.next(),
        roles: &roles,
        assurance: 1,
        methods: &[],
        authenticated_at: started,
        impersonator_id: row.get("impersonator_id"),
        issued_at: started,
        lifetime,
    };
    let answer = ImpersonationToken {
        access_token: claims.sign(&services.settings, keys.signer()),
        token_type: "Bearer",
        expires_in: lifetime.num_seconds(),
        impersonation_id: session,
        user_id: user,
        acting_as: row.get("label"),
        roles,
    };
    done.reply(reply(StatusCode::OK, &answer)?).await
}

async fn open(
    write: Write,
    _: &Authorized<Impersonate>,
    user: Uuid,
    session: Uuid,
    reason: &str,
) -> Result<(Done, Row)> {
    let params = [p::uuid(&user), p::uuid(&session), p::text(&reason)];
    let (done, mut answers) = write.last(&[(sql!("users", "impersonate"), &params)]).await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
