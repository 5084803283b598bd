//! In whose name a run acts.

use anyhow::{Context as _, Result};
use wealth_core::authz::{Action, Authorized, Roles};
use wealth_core::{Clock as _, SystemClock};
use wealth_db::{Db, RequestContext, Tx};

use crate::member;

/// A member of a tenant who may import.
#[derive(Clone)]
pub(super) struct Actor {
    db: Db,
    context: RequestContext,
}

impl Actor {
    /// Finds the member and proves the permission.
    pub(super) async fn find<A: Action>(db: &Db, tenant: &str, person: &str) -> Result<Self> {
        let context = member::find(db, tenant, person, "import").await?;
        let _: Authorized<A> = Roles::from_names(&context.roles)
            .authorize()
            .with_context(|| format!("{person} may not import"))?;
        Ok(Self { db: db.clone(), context })
    }

    /// A transaction in this person's name, at this moment.
    pub(super) fn begin(&self, name: &'static str) -> Tx {
        let now = SystemClock.now();
        self.db.begin(name, &RequestContext { now, ..self.context.clone() })
    }
}
