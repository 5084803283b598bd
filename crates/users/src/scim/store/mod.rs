//! Resources in the database: reading a page of them, and each way of changing one. Every change is
//! one transaction; what the directory did not see cannot be overwritten half.

mod group;
mod patch;
mod user;

use uuid::Uuid;
use wealth_core::authz::{Authorized, ProvisionUsers};
use wealth_core::problem;
use wealth_core::scim::Object;
use wealth_db::{Row, Tx};
use wealth_http::{App, Principal, Problem, Result};

use super::answer::Resource;
use super::conditions::Conditions;
use super::directory::Directory;
use super::kind::Kind;
use super::password;

pub(crate) use patch::patch;

/// Which part of the resources that fulfil the conditions, and in what order.
#[derive(Debug, Default)]
pub(crate) struct Window {
    pub(crate) conditions: Conditions,
    /// `userName`, `displayName`, `externalId`, `created` or `lastModified`; else by id.
    pub(crate) order: Option<&'static str>,
    pub(crate) descending: bool,
    pub(crate) offset: i64,
    pub(crate) limit: i64,
    /// Whether to read the members of groups.
    pub(crate) members: bool,
}

impl Window {
    fn one(id: Uuid) -> Self {
        let conditions = Conditions { id: Some(id), ..Conditions::default() };
        Self { conditions, limit: 1, members: true, ..Self::default() }
    }
}

/// Reads a page in one round trip: how many there are in all, and those of the page. A look at people
/// is an event of the audit log.
pub(crate) async fn find(
    app: &App,
    directory: &Directory,
    kind: Kind,
    window: &Window,
) -> Result<(i64, Vec<Resource>)> {
    let who = &directory.principal;
    let rows = match kind {
        Kind::User => {
            let (about, purpose) = (user::asked_for(window), directory.purpose.clone());
            let read = app.personal("scim_users_list", who, purpose, &about);
            read.query_and_commit(user::FIND, &user::find(window)).await?
        }
        Kind::Group => {
            let read = app.read("scim_groups_list", who);
            read.query_and_commit(group::FIND, &group::find(window)).await?
        }
    };
    let total = rows.first().map_or(0, |row| row.get("total"));
    let resources = rows.iter().filter_map(|row| resource(kind, row, &directory.base));
    Ok((total, resources.collect()))
}

/// Reads one.
pub(crate) async fn get(
    app: &App,
    directory: &Directory,
    kind: Kind,
    id: Uuid,
    members: bool,
) -> Result<Resource> {
    let window = Window { members, ..Window::one(id) };
    let (_, found) = find(app, directory, kind, &window).await?;
    found.into_iter().next().ok_or_else(not_found)
}

/// Provisions a resource under an id that the caller drew.
pub(crate) async fn create(
    app: &App,
    directory: &Directory,
    kind: Kind,
    id: Uuid,
    document: Object,
) -> Result<Resource> {
    let window = Window::one(id);
    let answers = match kind {
        Kind::User => {
            let new = user::Change::of(document)?.with_id(id);
            let new = with_password(app, directory, &id, new).await?;
            let params = new.for_create();
            begin(app, directory, "scim_user_create")
                .batch_and_commit(&[(user::CREATE, &params), (user::FIND, &user::find(&window))])
                .await?
        }
        Kind::Group => {
            let new = group::Change::of(document)?;
            let params = new.for_create(&id);
            begin(app, directory, "scim_group_create")
                .batch_and_commit(&[(group::CREATE, &params), (group::FIND, &group::find(&window))])
                .await?
        }
    };
    last(kind, answers, directory)
}

/// Replaces a resource (RFC 7644 section 3.5.1), in one round trip.
pub(crate) async fn replace(
    app: &App,
    directory: &Directory,
    kind: Kind,
    (id, seen): (Uuid, Option<i64>),
    document: Object,
) -> Result<Resource> {
    let window = Window::one(id);
    let answers = match kind {
        Kind::User => {
            let new = user::Change::of(document)?;
            let new = with_password(app, directory, &id, new).await?;
            let params = new.for_update(&id, &seen);
            begin(app, directory, "scim_user_replace")
                .batch_and_commit(&[(user::UPDATE, &params), (user::FIND, &user::find(&window))])
                .await?
        }
        Kind::Group => {
            let new = group::Change::of(document)?;
            let params = new.for_update(&id, &seen);
            begin(app, directory, "scim_group_replace")
                .batch_and_commit(&[(group::UPDATE, &params), (group::FIND, &group::find(&window))])
                .await?
        }
    };
    last(kind, answers, directory)
}

/// The change with the hash of its password. Read and hashed before the change begins, so that
/// nothing is held meanwhile.
async fn with_password(
    app: &App,
    directory: &Directory,
    id: &Uuid,
    change: user::Change,
) -> Result<user::Change> {
    let Some(text) = change.password.as_deref() else { return Ok(change) };
    let read = app.read("scim_password_facts", &directory.principal);
    let facts = read.query_and_commit(password::FACTS, &[wealth_db::p::uuid(id)]).await?;
    let hash = password::hash(directory, facts, &change.person, text).await?;
    Ok(change.with_hash(hash))
}

/// Removes a resource.
pub(crate) async fn delete(
    app: &App,
    directory: &Directory,
    kind: Kind,
    (id, seen): (Uuid, Option<i64>),
) -> Result<()> {
    let params = [wealth_db::p::uuid(&id), wealth_db::p::int8(&seen)];
    let (name, sql) = match kind {
        Kind::User => ("scim_user_delete", user::DELETE),
        Kind::Group => ("scim_group_delete", group::DELETE),
    };
    begin(app, directory, name).query_and_commit(sql, &params).await?;
    Ok(())
}

/// A transaction that writes, for a directory that proved that it may.
fn begin(app: &App, directory: &Directory, name: &'static str) -> Tx {
    write(app, &directory.principal, &directory.allowed, name)
}

fn write(app: &App, who: &Principal, _: &Authorized<ProvisionUsers>, name: &'static str) -> Tx {
    app.db.begin(name, who.context())
}

fn last(kind: Kind, mut answers: Vec<Vec<Row>>, directory: &Directory) -> Result<Resource> {
    let rows = answers.pop().unwrap_or_default();
    let found = rows.first().and_then(|row| resource(kind, row, &directory.base));
    found.ok_or_else(not_found)
}

fn resource(kind: Kind, row: &Row, base: &str) -> Option<Resource> {
    match kind {
        Kind::User => user::resource(row, base),
        Kind::Group => group::resource(row, base),
    }
}

fn not_found() -> Problem {
    Problem::not_found(&problem::NOT_FOUND)
}

/// A text that a column can hold.
fn fitting(name: &str, text: Option<String>, most: usize) -> Result<Option<String>> {
    match text {
        Some(text) if text.chars().count() > most => {
            let detail = format!("{name} may have at most {most} characters");
            Err(wealth_core::scim::ScimError::value(detail).into())
        }
        text => Ok(text),
    }
}

/// Takes a text out of a document.
fn take_text(document: &mut Object, name: &str) -> Option<String> {
    match document.shift_remove(name) {
        Some(serde_json::Value::String(text)) => Some(text),
        _ => None,
    }
}
