//! Who is asking: the verified token, and the database context that follows from it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use chrono::DateTime;
use uuid::Uuid;
use wealth_core::authz::{Action, Authorized, Demand, Denied, Roles};
use wealth_core::problem;
use wealth_db::{Demanded, Meter, RequestContext, Scope, StepUp};

use crate::app::App;
use crate::auth::{ApiKey, AuthError, Authentication, KeyName, VerifiedToken, bearer};
use crate::observe::Observation;
use crate::problem::Problem;
use crate::refusals::Refused;
use crate::visitor::Visitor;

/// The caller, once its bearer token has been verified. Whether the person still belongs to the
/// tenant is the database's to say, in the first statement of the transaction.
///
/// An API key does nothing before [`authorize`](Self::authorize) has found a scope for it; what somebody
/// does to their own access takes a [`Person`](crate::Person).
#[derive(Debug, Clone)]
pub struct Principal {
    roles: Roles,
    context: RequestContext,
    authentication: Authentication,
}

impl Principal {
    /// How surely and when the caller was recognised.
    pub fn authentication(&self) -> Authentication {
        self.authentication
    }

    /// Proof that an action is allowed, or the refusal. For a sensitive action every transaction of
    /// the request starts with the check that the sign-in is strong and fresh enough.
    pub fn authorize<A: Action>(&self) -> Result<Authorized<A>, Denied> {
        let authorized = self.roles.authorize()?;
        self.context.scope.grant();
        match A::DEMAND {
            Demand::Session => {}
            Demand::StepUp => self.step_up()?,
        }
        Ok(authorized)
    }

    /// The same demand for what somebody does to their own account, which takes no role.
    pub fn step_up(&self) -> Result<(), Denied> {
        self.in_person()?;
        self.context.step_up.demand(Demanded::StepUp);
        Ok(())
    }

    /// The same for somebody who enrols a factor, and who may therefore not have one yet.
    pub fn step_up_to_enrol(&self) -> Result<(), Denied> {
        self.in_person()?;
        self.context.step_up.demand(Demanded::Enrolment);
        Ok(())
    }

    /// Refuses API keys and people who act in another's place.
    pub fn in_person(&self) -> Result<(), Denied> {
        let own = self.context.api_key_id.is_none() && self.context.impersonator_id.is_none();
        if own { Ok(()) } else { Err(Denied::NotInPerson) }
    }

    /// Whether an action is allowed, where that only shapes the answer.
    pub fn may<A: Action>(&self) -> bool {
        self.roles.may::<A>()
    }

    /// The same caller where a session may still lack the second factor that its firm demands.
    pub(crate) fn before_enrolment(mut self) -> Self {
        self.context.before_enrolment = true;
        self
    }

    /// What every transaction of this request tells the database.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }
}

impl FromRequestParts<App> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let observed = Observation::of(&parts.extensions)?;
        let visitor = Visitor::from_request_parts(parts, app).await?;
        observed.knocks(&visitor);
        let token = bearer(&parts.headers).map_err(refused)?;
        let mut known = match KeyName::is_meant(token) {
            true => Self::by_key(token, app, &visitor, &observed).await?,
            false => Self::by_token(token, app, &visitor, &observed).await?,
        };
        known.context.now = visitor.now;
        known.context.request_id = visitor.request_id;
        known.context.client_ip = visitor.client_ip;
        known.context.user_agent = visitor.user_agent;
        known.context.meter = visitor.meter;
        observed.identify(&known.context);
        Ok(known)
    }
}

impl Principal {
    async fn by_key(
        token: &str,
        app: &App,
        visitor: &Visitor,
        observed: &Observation,
    ) -> Result<Self, Problem> {
        let caller = visitor.describe("authenticate");
        let found = app.api_keys().find(&app.db, token, visitor.now, &caller, &visitor.meter).await;
        let (key, remembered) = found.map_err(refused)?;
        observed.rests_on_memory(remembered);
        Ok(Self::of_key(&key))
    }

    async fn by_token(
        token: &str,
        app: &App,
        visitor: &Visitor,
        observed: &Observation,
    ) -> Result<Self, Problem> {
        let error = match app.verifier.verify(token, visitor.now).await {
            Ok(token) => {
                app.met().tell(&app.db, &token, visitor).await.map_err(refused)?;
                return Ok(Self::of_token(&token));
            }
            Err(error) => error,
        };
        if let AuthError::Refused(reason) = &error
            && let Some(named) = app.verifier.named(token, visitor.now).await
        {
            observed.refuse(Refused::forged(&named, *reason));
        }
        Err(refused(error))
    }

    fn of_token(token: &VerifiedToken) -> Self {
        let context = RequestContext {
            issuer: token.issuer.clone(),
            check_grants: token.check_grants,
            session_id: token.session_id,
            user_id: token.user_id,
            impersonator_id: token.impersonator_id,
            step_up: StepUp::new(token.authentication.assurance.into(), token.authentication.at),
            ..blank(token.tenant_id, token.subject.clone(), token.roles.clone())
        };
        let roles = Roles::from_names(&token.roles);
        Self { roles, context, authentication: token.authentication }
    }

    fn of_key(key: &ApiKey) -> Self {
        let context = RequestContext {
            check_grants: true,
            user_id: Some(key.user_id),
            api_key_id: Some(key.api_key_id),
            ..blank(key.tenant_id, format!("api-key {}", key.api_key_id), key.roles.clone())
        };
        let roles = Roles::from_names(&key.roles).within(&key.scopes);
        Self { roles, context, authentication: Authentication { assurance: 1, at: None } }
    }
}

/// A context without anything of the request.
fn blank(tenant_id: Uuid, subject: String, roles: Vec<String>) -> RequestContext {
    RequestContext {
        tenant_id,
        issuer: String::new(),
        subject,
        roles,
        check_grants: true,
        now: DateTime::UNIX_EPOCH,
        request_id: Uuid::nil(),
        session_id: None,
        user_id: None,
        api_key_id: None,
        impersonator_id: None,
        before_enrolment: false,
        scope: Scope::default(),
        step_up: StepUp::default(),
        client_ip: None,
        user_agent: None,
        meter: Meter::default(),
    }
}

/// One public text for every refusal; the reason goes to the log.
fn refused(error: AuthError) -> Problem {
    match error {
        AuthError::Unavailable(_) => Problem::unavailable(error.to_string()),
        AuthError::Refused(_) => {
            let challenge = match error {
                AuthError::Refused(crate::auth::Refusal::NoCredentials) => "Bearer",
                _ => "Bearer error=\"invalid_token\"",
            };
            Problem::new(&problem::UNAUTHENTICATED, error.public_detail())
                .because(error.to_string())
                .header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
        }
    }
}

impl Observation {
    /// The observation that the outermost layer put into the request.
    pub(crate) fn of(extensions: &axum::http::Extensions) -> Result<Arc<Self>, Problem> {
        let found = extensions.get::<Arc<Self>>().cloned();
        found.ok_or_else(|| Problem::internal("the request did not pass the observing layer"))
    }
}
