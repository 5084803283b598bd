//! The audit log of a test: its key, its archive, its auditor.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use object_store::ObjectStore;
use object_store::path::Path;

use crate::app::{Firm, TestApp};
use crate::client::Client;
use crate::services::ISSUER;

/// What seals the audit log, with this archive and the key of the run.
pub fn seals_with(archive: Arc<dyn ObjectStore>) -> audit::Services {
    let key = audit::SigningKey::from_json(audit_key()).expect("a key");
    audit::Services::new(audit::Parts {
        origin: ISSUER.to_owned(),
        signer: Arc::new(key),
        archive: audit::Archive::new(archive, Path::default()),
    })
}

/// The secret of the audit function: one for the whole run.
pub fn audit_key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(|| audit::SigningKey::generate().expect("a key").to_json().expect("its text"))
}

impl TestApp {
    /// An auditor, who joins Meridian with the first call.
    pub async fn auditor(&self) -> Client {
        self.execute(
            "select users.put_member('00000000-0000-7000-8000-00000000000a',
                '00000000-0000-7000-9000-000000000a07', 'auditor@a.test', 'Joy', 'auditor', 'local',
                'https://local.wealth.invalid', 'auditor-a', array['Auditor'], 'seed')",
        )
        .await;
        self.client(Firm::Meridian, "auditor", &["Auditor"])
    }

    /// A second system administrator, who joins Meridian with the first call: for what takes two.
    pub async fn second_system_admin(&self) -> Client {
        self.execute(
            "select users.put_member('00000000-0000-7000-8000-00000000000a',
                '00000000-0000-7000-9000-000000000a08', 'second-system-admin@a.test', 'Sam', 'system', 'local',
                'https://local.wealth.invalid', 'second-system-admin-a', array['SystemAdministrator'], 'seed')",
        )
        .await;
        self.client(Firm::Meridian, "second-system-admin", &["SystemAdministrator"])
    }

    /// Seals and archives the audit logs until every event has its leaf; how many were given one. A
    /// transaction of another test on this server may hold a run up.
    pub async fn seal(&self) -> u64 {
        let left = "select count(*) as n from audit.audit_events e
            where not exists (select from audit.log_leaves l
                               where l.tenant_id = e.tenant_id and l.event_id = e.event_id)";
        let mut leaves = 0;
        for _ in 0..500 {
            leaves += self.seal_once().await.expect("the seal").leaves;
            if self.sql(left).await[0]["n"] == 0 {
                return leaves;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("events stay without a leaf");
    }

    /// One run of the job.
    ///
    /// # Errors
    /// As [`audit::seal`].
    pub async fn seal_once(&self) -> wealth_http::Result<audit::Sealed> {
        audit::seal(&self.app, &self.seals, Instant::now() + Duration::from_secs(60)).await
    }

    /// The refusal to seal a log that is not what was signed.
    pub async fn seal_refused(&self) -> wealth_http::Problem {
        for _ in 0..500 {
            if let Err(refused) = self.seal_once().await {
                return refused;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the log is sealed");
    }
}
