//! The nightly comparison with a firm's directory.

mod held;
mod okta;
mod repairs;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use users::jobs::Compared;
use users::reconcile::{Directories, Directory, DirectoryError, Folder};
use uuid::Uuid;

/// A directory for each firm that has one.
struct Known(Vec<(Firm, Arc<dyn Directory>)>);

#[async_trait]
impl Directories for Known {
    async fn of(&self, tenant: Uuid) -> Result<Option<Arc<dyn Directory>>, DirectoryError> {
        let found = self.0.iter().find(|(firm, _)| firm.tenant_id() == tenant);
        Ok(found.map(|(_, directory)| Arc::clone(directory)))
    }
}

/// Files of this test's own, for Meridian and, if given, for Harbour.
struct Files(std::path::PathBuf);

impl Files {
    fn new() -> Self {
        let name =
            format!("wealth-directory-{}", wealth_core::IdGen::next(&wealth_core::SystemIds));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).expect("a folder");
        Self(folder)
    }

    fn write(&self, firm: Firm, content: &Value) {
        let file = self.0.join(format!("{}.json", firm.tenant_id()));
        std::fs::write(file, content.to_string()).expect("a file");
    }

    fn services(&self) -> users::Services {
        testkit::services_comparing(Arc::new(Folder::new(&self.0)))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder");
    }
}

/// A call of the job; gives the firms' reports.
async fn turn(app: &TestApp, services: &users::Services) -> Vec<Value> {
    turn_of(app, services, None).await
}

/// The same of one firm.
async fn turn_of(app: &TestApp, services: &users::Services, firm: Option<Uuid>) -> Vec<Value> {
    compare(app, services, firm, TimeDelta::minutes(1)).await.expect("the comparisons").reports
}

async fn compare(
    app: &TestApp,
    services: &users::Services,
    firm: Option<Uuid>,
    budget: TimeDelta,
) -> Result<Compared, String> {
    let request = wealth_core::IdGen::next(&wealth_core::SystemIds);
    let compared = users::jobs::compare(&app.app, services, request, firm, budget).await;
    compared.map_err(|problem| problem.cause().map_or_else(|| problem.summary(), str::to_owned))
}

/// Provisions people by SCIM, each under the id `00u-<name>`; gives their ids here.
async fn people(app: &TestApp, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name, "externalId": format!("00u-{name}")});
        let made = app.system_admin().post("/scim/v2/Users", body).await.expect(201);
        ids.push(made.body["id"].as_str().expect("an id").to_owned());
    }
    ids
}

/// A group that gives SalesManager, with the directory's id `00g-<name>`.
async fn group(app: &TestApp, name: &str, members: &[&String]) -> String {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name, "externalId": format!("00g-{name}"), "members": members});
    let mapping = json!({"provider": "scim", "group_name": name, "role_name": "SalesManager"});
    app.system_admin().post("/v1/users/group-role-mappings", mapping).await.expect(201);
    let made = app.system_admin().post("/scim/v2/Groups", body).await.expect(201);
    made.body["id"].as_str().expect("an id").to_owned()
}

fn person(name: &str, active: bool) -> Value {
    json!({"id": format!("00u-{name}"), "login": format!("{name}@corp.example"), "active": active})
}

fn members(name: &str, of: &[&str]) -> Value {
    let ids: Vec<String> = of.iter().map(|name| format!("00u-{name}")).collect();
    json!({"id": format!("00g-{name}"), "name": name, "members": ids})
}

/// Who of Meridian's provisioned people may come in.
async fn active(app: &TestApp) -> Vec<String> {
    let rows = app.sql(
        "select user_name as name from users.memberships
          where tenant_id::text like '%a' and origin = 'scim' and status = 'active' order by 1",
    );
    rows.await.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

/// Who has a role by a group now.
async fn managers(app: &TestApp) -> Vec<String> {
    let rows = app.sql(
        "select m.user_name as name from users.user_roles r join users.memberships m using (tenant_id, user_id)
          where r.origin = 'scim' and r.effective_to is null order by 1",
    );
    rows.await.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}
