//! POST /v1/users/group-role-mappings

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, ManageRoles};
use wealth_core::problem;
use wealth_core::text::{self, Rule};
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use super::{Mapping, Provider};
use crate::fields::EXTERNAL;

/// A group that is to give a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMapping {
    // Who names the group: without words here, which would make a second schema beside it.
    #[schema(inline)]
    provider: Provider,
    /// The group.
    #[schema(min_length = 1, max_length = 255)]
    group_name: String,
    /// The role.
    #[schema(min_length = 1, max_length = 100)]
    role_name: String,
}

/// A mapping, right by type.
struct Wanted {
    provider: Provider,
    group: String,
    role: String,
}

impl NewMapping {
    fn validate(self) -> Result<Wanted, Violations> {
        let mut v = Violations::new();
        let rule = Rule { min: 1, max: 100, multiline: false };
        let group = text::clean(&self.group_name, EXTERNAL, "/group_name", &mut v);
        let role = text::clean(&self.role_name, rule, "/role_name", &mut v);
        v.into_result(Wanted {
            provider: self.provider,
            group: group.unwrap_or_default(),
            role: role.unwrap_or_default(),
        })
    }
}

/// Map a group to a role
///
/// Members of a group that SCIM provisions hold the role at once. Groups that tokens name count
/// from the next reading of the issuer's settings on, five minutes at most; where the issuer's
/// `role_source` is `grants`, the role must also be granted. Nobody maps to a role above their own.
#[utoipa::path(post, path = "/v1/users/group-role-mappings", operation_id = "group_role_mappings_create",
    tag = "users",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewMapping,
    responses((status = 201, description = "The mapping", body = Mapping,
        headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewMapping>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageRoles>()?;
    let write = app.write("group_role_mappings_create", &principal, input.idempotency.required()?);
    let wanted = input.body.validate()?;
    let (done, rows) = insert(write, &allowed, &app, &wanted).await?;
    let mapping = Mapping::read(&rows.one_or(&problem::NOT_FOUND)?);
    let location = format!("/v1/users/group-role-mappings/{}", mapping.mapping_id);
    done.reply(created(&location, &mapping)?.etag(mapping.version)).await
}

async fn insert(
    write: Write,
    _: &Authorized<ManageRoles>,
    app: &App,
    wanted: &Wanted,
) -> Result<(Done, Vec<Row>)> {
    let id = app.ids.next();
    let provider = wanted.provider.name();
    let params = [p::uuid(&id), p::text(&provider), p::text(&wanted.group), p::text(&wanted.role)];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "group_role_mapping_create"), &params),
            (sql!("users", "group_role_mapping_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default()))
}
