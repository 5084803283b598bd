//! In whose name a run acts.

use anyhow::{Context as _, Result, bail};
use wealth_core::authz::{Action, Authorized, Roles};
use wealth_core::{Clock as _, IdGen as _, SystemClock, SystemIds};
use wealth_db::{Db, Meter, RequestContext, Tx, p, sql};

/// A member of a tenant who may import.
#[derive(Clone)]
pub(super) struct Actor {
    db: Db,
    context: RequestContext,
}

impl Actor {
    /// Finds the member and proves the permission. Each transaction checks again that the person is
    /// active and that the roles are still granted.
    pub(super) async fn find<A: Action>(db: &Db, tenant: &str, person: &str) -> Result<Self> {
        let meter = Meter::default();
        let params = [p::text(&tenant), p::text(&person)];
        let rows = db.system_query(sql!("users", "find_member"), &params, &meter).await?;
        let Some(row) = rows.first() else {
            bail!("{person} is no active member of {tenant}");
        };
        let roles: Vec<String> = row.get("roles");
        let _: Authorized<A> = Roles::from_names(&roles)
            .authorize()
            .with_context(|| format!("{person} may not import"))?;
        let context = RequestContext {
            tenant_id: row.get("tenant_id"),
            issuer: row.get("issuer"),
            subject: row.get("subject"),
            roles,
            check_grants: true,
            now: SystemClock.now(),
            request_id: SystemIds.next(),
            session_id: None,
            user_id: None,
            api_key_id: None,
            impersonator_id: None,
            before_enrolment: false,
            scope: wealth_db::Scope::default(),
            step_up: wealth_db::StepUp::default(),
            client_ip: None,
            user_agent: Some(concat!("wealth/", env!("CARGO_PKG_VERSION"), " import").to_owned()),
            meter,
        };
        Ok(Self { db: db.clone(), context })
    }

    /// A transaction in this person's name, at this moment.
    pub(super) fn begin(&self, name: &'static str) -> Tx {
        let now = SystemClock.now();
        self.db.begin(name, &RequestContext { now, ..self.context.clone() })
    }
}
