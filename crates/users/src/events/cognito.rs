//! The triggers of an Amazon Cognito user pool: somebody has confirmed a sign-up, and a token is
//! about to be made. Cognito waits five seconds for the answer, asks up to three times, and refuses
//! the person when it is an error.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use wealth_core::json as strict;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result, Row404};

/// Longest subject, group name and client id that mean anything here.
const TEXT_MAX: usize = 255;
/// Most groups that are looked at: Cognito lets a person be in 100.
const GROUPS_MAX: usize = 512;

/// The part of a trigger's event that is read; all of it goes back.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trigger {
    trigger_source: String,
    user_pool_id: String,
    #[serde(default)]
    caller_context: CallerContext,
    #[serde(default)]
    request: Request,
    /// Only told from something else, so that what is filled in has a place.
    #[serde(rename = "response")]
    _response: BTreeMap<String, Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct CallerContext {
    client_id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Request {
    user_attributes: Option<BTreeMap<String, Value>>,
    group_configuration: Option<Groups>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Groups {
    groups_to_override: Option<Vec<String>>,
}

/// Which answer a trigger takes.
enum Kind {
    /// Nothing to fill in.
    Confirmation,
    /// Claims; whether somebody signs in, or only renews a token.
    Token { signs_in: bool },
    /// A machine's token, which has no person.
    Machine,
}

/// Answers a trigger: its own event, with `response` filled in.
pub(super) async fn handle(app: &App, event: Value) -> Result<Value> {
    let trigger: Trigger = strict::from_value(event.clone()).map_err(Problem::from)?;
    let kind = trigger.kind()?;
    let issuer = trigger.issuer()?;
    match kind {
        Kind::Machine => Ok(event),
        Kind::Confirmation => confirm(app, &trigger, &issuer).await.map(|()| event),
        Kind::Token { signs_in } => {
            let known = claims(app, &trigger, &issuer, signs_in).await?;
            Ok(known.map_or(event.clone(), |claims| filled(event, &claims)))
        }
    }
}

impl Trigger {
    fn kind(&self) -> Result<Kind> {
        match &*self.trigger_source {
            "PostConfirmation_ConfirmSignUp" | "PostConfirmation_ConfirmForgotPassword" => {
                Ok(Kind::Confirmation)
            }
            "TokenGeneration_HostedAuth"
            | "TokenGeneration_Authentication"
            | "TokenGeneration_NewPasswordChallenge"
            | "TokenGeneration_AuthenticateDevice" => Ok(Kind::Token { signs_in: true }),
            "TokenGeneration_RefreshTokens" => Ok(Kind::Token { signs_in: false }),
            "TokenGeneration_ClientCredentials" => Ok(Kind::Machine),
            _ => {
                let text = "must be a post confirmation or pre token generation trigger";
                Err(Violations::one("/triggerSource", "unknown_value", text).into())
            }
        }
    }

    /// `iss` of the pool's tokens. The region stands in the pool's id.
    fn issuer(&self) -> Result<String> {
        let plain = |text: &str, more: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        match self.user_pool_id.split_once('_') {
            Some((region, name))
                if plain(region, "-") && plain(name, "") && self.user_pool_id.len() <= 55 =>
            {
                let pool = &self.user_pool_id;
                Ok(format!("https://cognito-idp.{region}.amazonaws.com/{pool}"))
            }
            _ => {
                let text = "must be the id of a user pool, such as us-east-1_Example12";
                Err(Violations::one("/userPoolId", "wrong_format", text).into())
            }
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let text = self.request.user_attributes.as_ref()?.get(name)?.as_str()?.trim();
        let fits = !text.is_empty() && text.len() <= 1024 && !text.contains(char::is_control);
        fits.then_some(text)
    }

    fn subject(&self) -> Result<&str> {
        self.attribute("sub").filter(|sub| sub.len() <= TEXT_MAX).ok_or_else(|| {
            Violations::one("/request/userAttributes/sub", "required", "must be the person's id")
                .into()
        })
    }

    fn client(&self) -> Option<&str> {
        self.caller_context.client_id.as_deref().filter(|id| id.len() <= TEXT_MAX)
    }

    fn groups(&self) -> Vec<String> {
        let given = self.request.group_configuration.as_ref();
        let names = given.and_then(|groups| groups.groups_to_override.as_ref());
        let fit = |name: &&String| name.len() <= TEXT_MAX && !name.contains(char::is_control);
        names.into_iter().flatten().filter(fit).take(GROUPS_MAX).cloned().collect()
    }
}

/// What the functions behind the triggers are told of the call.
fn caller(app: &App, transaction: &str) -> Value {
    json!({"now": app.clock.now(), "request_id": app.ids.next(), "transaction": transaction})
}

async fn confirm(app: &App, trigger: &Trigger, issuer: &str) -> Result<()> {
    let subject = trigger.subject()?;
    let (first, last) = (trigger.attribute("given_name"), trigger.attribute("family_name"));
    let both: Vec<&str> = first.into_iter().chain(last).collect();
    let person = json!({
        "email": trigger.attribute("email"),
        "email_verified": trigger.attribute("email_verified"),
        "first_name": first,
        "last_name": last,
        "display_name": match trigger.attribute("name") {
            Some(name) => Some(name.to_owned()),
            None => Some(both.join(" ")).filter(|name| !name.is_empty()),
        },
    });
    let (user, client) = (app.ids.next(), trigger.client());
    let caller = caller(app, "cognito_post_confirmation");
    let params = [
        p::text(&issuer),
        p::text(&client),
        p::text(&subject),
        p::uuid(&user),
        p::json(&person),
        p::json(&caller),
    ];
    let sql = sql!("users", "confirm_cognito_user");
    let rows = app.db.system_query(sql, &params, &Meter::default()).await?;
    let outcome: String = rows.one_or(&problem::NOT_FOUND)?.get("outcome");
    tracing::info!(outcome, "post confirmation");
    refused(&outcome).map_or(Ok(()), Err)
}

/// The claims that a token shall have; none for somebody who is nobody here.
async fn claims(
    app: &App,
    trigger: &Trigger,
    issuer: &str,
    signs_in: bool,
) -> Result<Option<Claims>> {
    let (subject, client, groups) = (trigger.subject()?, trigger.client(), trigger.groups());
    let caller = caller(app, "cognito_token_generation");
    let params = [
        p::text(&issuer),
        p::text(&client),
        p::text(&subject),
        p::texts(&groups),
        p::bool(&signs_in),
        p::json(&caller),
    ];
    let rows =
        app.db.system_query(sql!("users", "cognito_claims"), &params, &Meter::default()).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let outcome: String = row.get("outcome");
    tracing::info!(outcome, "token generation");
    if let Some(problem) = refused(&outcome) {
        return Err(problem);
    }
    let tenant: Option<uuid::Uuid> = row.get("tenant_id");
    let roles: Option<Vec<String>> = row.get("roles");
    Ok(tenant.zip(roles).map(|(tenant, roles)| Claims { tenant: tenant.to_string(), roles }))
}

/// The outcomes that end in an error, which is what the person at the sign-in page is shown.
fn refused(outcome: &str) -> Option<Problem> {
    match outcome {
        "unknown_pool" => Some(Problem::new(&problem::NOT_FOUND, "No firm trusts this user pool.")),
        "tenant_inactive" => {
            Some(Problem::new(&problem::TENANT_INACTIVE, "This firm's account is not active."))
        }
        "account_inactive" => {
            Some(Problem::new(&problem::ACCOUNT_INACTIVE, "This account is not active."))
        }
        _ => None,
    }
}

/// What a token says of its person.
struct Claims {
    tenant: String,
    roles: Vec<String>,
}

/// The event with the claims in its response. Version 1 knows the identity token and text only, so
/// that the list of roles is JSON in a string there; later versions have both tokens and any JSON.
fn filled(mut event: Value, claims: &Claims) -> Value {
    let first = event["version"].as_str().is_none_or(|version| version == "1");
    let details = if first {
        let roles = json!(claims.roles).to_string();
        json!({"claimsToAddOrOverride": {"tenant_id": claims.tenant, "roles": roles}})
    } else {
        let added = json!({"claimsToAddOrOverride":
            {"tenant_id": claims.tenant, "roles": claims.roles}});
        json!({"idTokenGeneration": added, "accessTokenGeneration": added})
    };
    let name = if first { "claimsOverrideDetails" } else { "claimsAndScopeOverrideDetails" };
    event["response"][name] = details;
    event
}
