//! In whose name a command acts.

use anyhow::{Result, bail};
use wealth_core::{Clock as _, IdGen as _, SystemClock, SystemIds};
use wealth_db::{Db, Meter, RequestContext, p, sql};

/// The context of a member of a tenant: what each of their transactions tells the database, which
/// checks again that the person is active and the roles are granted.
pub(crate) async fn find(
    db: &Db,
    tenant: &str,
    person: &str,
    command: &str,
) -> Result<RequestContext> {
    let meter = Meter::default();
    let params = [p::text(&tenant), p::text(&person)];
    let rows = db.system_query(sql!("users", "find_member"), &params, &meter).await?;
    let Some(row) = rows.first() else {
        bail!("{person} is no active member of {tenant}");
    };
    Ok(RequestContext {
        tenant_id: row.get("tenant_id"),
        issuer: row.get("issuer"),
        subject: row.get("subject"),
        roles: row.get("roles"),
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
        user_agent: Some(format!("wealth/{} {command}", env!("CARGO_PKG_VERSION"))),
        meter,
    })
}
