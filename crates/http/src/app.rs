//! What every handler needs, behind one cheap handle.

use std::ops::Deref;
use std::sync::Arc;

use wealth_core::{Clock, IdGen};
use wealth_db::{Db, RequestContext};

use crate::auth::{ApiKeys, Met, Verifier};
use crate::idempotency::Idempotency;
use crate::principal::Principal;
use crate::refusals::Refusals;
use crate::write::Write;

/// The application: clones share everything. Holds nothing of a request or a tenant.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: AppParts,
    api_keys: ApiKeys,
    refusals: Refusals,
    met: Met,
}

/// The parts of an [`App`].
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// Checks bearer tokens.
    pub verifier: Verifier,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New identifiers.
    pub ids: Arc<dyn IdGen>,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(Inner {
            parts,
            api_keys: ApiKeys::default(),
            refusals: Refusals::default(),
            met: Met::default(),
        }))
    }

    /// The API keys that this process has met.
    pub(crate) fn api_keys(&self) -> &ApiKeys {
        &self.0.api_keys
    }

    /// The credentials that this process has refused.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }

    /// The people whose tokens this process has met.
    pub(crate) fn met(&self) -> &Met {
        &self.0.met
    }

    /// A transaction for `principal` that only reads.
    pub fn read(&self, name: &'static str, principal: &Principal) -> wealth_db::Tx {
        self.db.read(name, principal.context())
    }

    /// A transaction for `principal` that writes, once per idempotency key.
    pub fn write(
        &self,
        name: &'static str,
        principal: &Principal,
        idempotency: &Idempotency,
    ) -> Write {
        let context: &RequestContext = principal.context();
        Write::new(self.db.begin(name, context), context.clone(), idempotency)
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0.parts
    }
}
