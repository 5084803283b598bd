//! PATCH: the resource is held, read, changed here and written, in one transaction of two round
//! trips. A change that changes nothing writes nothing (RFC 7644 section 3.5.2.1).

use uuid::Uuid;
use wealth_core::scim::PatchRequest;
use wealth_core::scim::patch::apply;
use wealth_db::p;
use wealth_http::{App, Result};

use super::{Window, begin, group, last, not_found, resource, user};
use crate::scim::answer::Resource;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::password;

/// Applies all operations or none.
pub(crate) async fn patch(
    app: &App,
    directory: &Directory,
    kind: Kind,
    (id, seen): (Uuid, Option<i64>),
    request: &PatchRequest,
) -> Result<Resource> {
    let window = Window::one(id);
    let held = [p::uuid(&id), p::int8(&seen)];
    let (name, lock, find, window) = match kind {
        Kind::User => ("scim_user_patch", user::LOCK, user::FIND, user::find(&window)),
        Kind::Group => ("scim_group_patch", group::LOCK, group::FIND, group::find(&window)),
    };
    let mut tx = begin(app, directory, name);
    let rows = tx.batch(&[(lock, &held), (find, &window)]).await?.pop().unwrap_or_default();
    let before = rows.first().and_then(|row| resource(kind, row, &directory.base));
    let before = before.ok_or_else(not_found)?;
    let after = apply(kind.resource_type(), &before.whole, request)?;
    if after == before.whole {
        tx.commit().await?;
        return Ok(before);
    }
    let answers = match kind {
        Kind::User => {
            let mut change = user::Change::after_patch(after)?;
            if let Some(text) = change.password.as_deref() {
                let facts = tx.query(password::FACTS, &[p::uuid(&id)]).await?;
                let hash = password::hash(directory, facts, &change.person, text).await?;
                change = change.with_hash(hash);
            }
            let params = change.for_update(&id, &seen);
            tx.batch_and_commit(&[(user::UPDATE, &params), (find, &window)]).await?
        }
        Kind::Group => {
            let change = group::Change::after_patch(&before.whole, after)?;
            let params = change.for_update(&id, &seen);
            tx.batch_and_commit(&[(group::UPDATE, &params), (find, &window)]).await?
        }
    };
    last(kind, answers, directory)
}
