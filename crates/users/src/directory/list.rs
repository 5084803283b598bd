//! GET /v1/users

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::{ManageUsers, ViewUsers};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Problem, Purpose, Result};

use super::{MaskedUser, Shown, User};
use crate::fields;

/// Whether somebody may come in (S1-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub(crate) enum Status {
    /// May come in.
    Active,
    /// Suspended, or invited and not there yet.
    Inactive,
}

/// How the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// By e-mail, for administrators.
    Email,
    /// By name, where addresses are masked: their order would tell them.
    Name,
}

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only active or only inactive members.
    #[param(inline)]
    status: Option<Status>,
    /// Only who holds this role now.
    #[param(max_length = 100)]
    role: Option<String>,
    /// Words that all occur in name or, for administrators, e-mail.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only this address, in any letter case. For administrators.
    #[param(max_length = 254)]
    email: Option<String>,
    /// `email` for administrators, `name` for everybody else; there is no other order.
    #[param(inline)]
    sort: Option<Sort>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A row with the key that the list is sorted by.
#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    user: Shown,
    #[serde(skip)]
    key: (String, Uuid),
}

/// List users
///
/// The members of the firm, without those who are gone. Administrators get them by e-mail; others
/// who may see people get them by name and with masked addresses.
#[utoipa::path(get, path = "/v1/users", operation_id = "users_list", tag = "users",
    params(Query, ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "A page of users", body = Page<Shown>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ViewUsers>()?;
    let masked = !principal.may::<ManageUsers>();
    query.check(masked)?;
    let after = query.cursor.as_ref().map(Cursor::decode::<(String, Uuid)>).transpose()?;
    let active = query.status.map(|status| status == Status::Active);
    let words = query.q.as_deref().map(fields::words).transpose()?.flatten();
    let after_key = after.as_ref().map(|(key, _)| key);
    let after_id = after.as_ref().map(|(_, id)| *id);
    fields::plain("cursor", after_key)?;
    let fetch = query.limit.fetch();
    let (active, role, words) = (p::bool(&active), p::text(&query.role), p::texts(&words));
    let (key, id, fetch) = (p::text(&after_key), p::uuid(&after_id), p::int8(&fetch));
    let rows = if masked {
        let params = [active, role, words, key, id, fetch];
        let read = app.read("users_list", &principal);
        read.query_and_commit(sql!("users", "users_list_masked"), &params).await?
    } else {
        let params = [active, role, words, p::text(&query.email), key, id, fetch];
        let about = json!({"email": query.email, "role": query.role, "q": query.q});
        let read = app.personal("users_list", &principal, purpose, &about);
        read.query_and_commit(sql!("users", "users_list"), &params).await?
    };
    let items = rows.iter().map(|row| item(row, masked)).collect();
    Ok(Page::new(items, query.limit, &uri, |item: &Item| item.key.clone()).into_response())
}

impl Query {
    fn check(&self, masked: bool) -> Result<()> {
        fields::plain("role", self.role.as_ref())?;
        fields::plain("email", self.email.as_ref())?;
        let refused = if masked {
            self.email.is_some() || self.sort == Some(Sort::Email)
        } else {
            self.sort == Some(Sort::Name)
        };
        if refused {
            let text = "Administrators list by email, everybody else by name.";
            return Err(Problem::new(&problem::MALFORMED_REQUEST, text));
        }
        Ok(())
    }
}

fn item(row: &Row, masked: bool) -> Item {
    let user = if masked {
        Shown::Masked(MaskedUser::read(row))
    } else {
        Shown::Full(Box::new(User::read(row)))
    };
    Item { user, key: (row.get("sort_key"), row.get("user_id")) }
}
