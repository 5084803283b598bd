//! PATCH /v1/users/me/profile

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{Patch, problem};
use wealth_db::{p, sql};
use wealth_http::{App, IfMatch, Input, Person, Result, Row404, json as reply};

use super::rules;
use super::view::Profile;

/// What of a profile is to change; null puts the default back.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfilePatch {
    /// E.164: a plus sign, the country's code and the number, digits only.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, pattern = r"^\+[1-9][0-9]{1,14}$", example = "+12125550123")]
    phone: Patch<String>,
    /// Storage key of the picture: a relative path.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 1024, example = "avatars/0199a.png")]
    avatar: Patch<String>,
    /// A name of the IANA time zone database; null: UTC.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 64, example = "America/New_York")]
    timezone: Patch<String>,
    /// A language tag (BCP 47); null: English.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 35, example = "de-AT")]
    language: Patch<String>,
    /// Merged into what is there, at every depth; up to 16 KiB in all.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Object>)]
    preferences: Patch<Map<String, Value>>,
}

impl ProfilePatch {
    fn validate(&self) -> Result<Value, Violations> {
        let mut v = Violations::new();
        if let Patch::Set(phone) = &self.phone
            && !rules::is_phone(phone)
        {
            v.add("/phone", "phone_invalid", "must be + and 2 to 15 digits, such as +12125550123");
        }
        if let Patch::Set(avatar) = &self.avatar
            && !rules::is_storage_key(avatar)
        {
            let text = "must be a relative path of letters, digits, dots, dashes and underscores";
            v.add("/avatar", "storage_key_invalid", text);
        }
        if let Patch::Set(zone) = &self.timezone
            && !rules::may_be_time_zone(zone)
        {
            let text = "must be the name of a time zone in the IANA database, such as \
                        America/New_York";
            v.add("/timezone", "time_zone_invalid", text);
        }
        if let Patch::Set(tag) = &self.language
            && !rules::is_language_tag(tag)
        {
            let text = "must be a language tag (BCP 47), such as en or de-AT";
            v.add("/language", "language_invalid", text);
        }
        if let Patch::Set(preferences) = &self.preferences {
            rules::check_document(preferences, "/preferences", &mut v);
        }
        v.into_result(json!(self))
    }
}

/// Change one's own profile
///
/// A merge patch (RFC 7396). If-Match takes the ETag, `"0"` before the first change.
#[utoipa::path(patch, path = "/v1/users/me/profile", operation_id = "me_profile_patch",
    tag = "users",
    params(
        ("If-Match" = String, Header, description = "The profile's ETag, or `*`"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body(content((ProfilePatch = "application/merge-patch+json"))),
    responses((status = 200, description = "The profile", body = Profile,
        headers(("ETag" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    IfMatch(expected): IfMatch,
    input: Input<ProfilePatch>,
) -> Result<Response> {
    let patch = input.body.validate()?;
    let nobody: Option<Uuid> = None;
    let (done, mut answers) = app
        .write("me_profile_patch", &principal, &input.idempotency)
        .last(&[
            (sql!("users", "profile_update"), &[p::json(&patch), p::int8(&expected)]),
            (sql!("users", "profile_get"), &[p::uuid(&nobody)]),
        ])
        .await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    done.reply(reply(StatusCode::OK, &Profile::own(&row))?.etag(row.get("version"))).await
}
