//! A new request.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ErasePeople};
use wealth_core::shape::Note;
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use super::AnsweredErasure;

/// By what right somebody asks.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ground {
    /// GDPR, Article 17.
    #[serde(rename = "gdpr_17")]
    Gdpr17,
    /// California Civil Code 1798.105.
    #[serde(rename = "ccpa_1798_105")]
    Ccpa1798105,
    /// The firm wishes it.
    Firm,
}

impl Ground {
    const fn name(self) -> &'static str {
        match self {
            Self::Gdpr17 => "gdpr_17",
            Self::Ccpa1798105 => "ccpa_1798_105",
            Self::Firm => "firm",
        }
    }
}

/// Who asks to be forgotten, and by what right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewErasure {
    /// Who: somebody who is or was a member of the firm.
    #[schema(required = true, value_type = Uuid)]
    person_id: Option<Uuid>,
    /// By what right.
    #[schema(required = true, value_type = Ground)]
    ground: Option<Ground>,
    /// In words; no names.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    reason: String,
}

impl NewErasure {
    fn validate(self) -> Result<(Uuid, Ground, String), Violations> {
        let mut v = Violations::new();
        if self.person_id.is_none() {
            v.add("/person_id", "required", "is required");
        }
        if self.ground.is_none() {
            v.add("/ground", "required", "is required");
        }
        let reason = text::clean(&self.reason, text::REASON, "/reason", &mut v);
        v.into_result((
            self.person_id.unwrap_or_default(),
            self.ground.unwrap_or(Ground::Firm),
            reason.unwrap_or_default(),
        ))
    }
}

/// Take down an erasure request
///
/// The answer says field by field what will be erased, and what is kept, why and how long. Nothing
/// is erased until a second person lets it be executed.
#[utoipa::path(
    post,
    path = "/v1/audit/erasure-requests",
    operation_id = "erasure_requests_create",
    tag = "audit",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewErasure,
    responses((status = 201, description = "Taken down", body = AnsweredErasure,
        headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewErasure>,
) -> Result<Response> {
    let proof = principal.authorize::<ErasePeople>()?;
    let write = app.write("erasure_requests_create", &principal, input.idempotency.required()?);
    let wanted = input.body.validate()?;
    let id = app.ids.next();
    let (done, row) = request(&proof, write, id, wanted).await?;
    let place = format!("/v1/audit/erasure-requests/{id}");
    let answer = created(&place, &AnsweredErasure::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}

async fn request(
    _proof: &Authorized<ErasePeople>,
    write: Write,
    id: Uuid,
    (person, ground, reason): (Uuid, Ground, String),
) -> Result<(Done, Row)> {
    let ground = ground.name();
    let asked = [p::uuid(&id), p::uuid(&person), p::text(&ground), p::text(&reason)];
    let (done, mut answers) = write
        .last(&[
            (sql!("audit", "erasure_request"), &asked),
            (sql!("audit", "erasure_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
