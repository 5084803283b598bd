//! A Group and its members.

use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::scim::{Object, ScimError};
use wealth_db::{Param, Row, Sql, p, sql};
use wealth_http::Result;

use super::user::meta;
use super::{Window, fitting, take_text};
use crate::scim::answer::Resource;

pub(super) const FIND: Sql = sql!("users", "scim_groups");
pub(super) const CREATE: Sql = sql!("users", "scim_create_group");
pub(super) const UPDATE: Sql = sql!("users", "scim_update_group");
pub(super) const LOCK: Sql = sql!("users", "scim_lock_group");
pub(super) const DELETE: Sql = sql!("users", "scim_delete_group");

pub(super) fn find(window: &Window) -> [Param<'_>; 13] {
    let c = &window.conditions;
    [
        p::uuid(&c.id),
        p::text(&c.name),
        p::text(&c.external_id),
        p::uuid(&c.member),
        p::timestamptz(&c.after),
        p::timestamptz(&c.from),
        p::timestamptz(&c.before),
        p::timestamptz(&c.to),
        p::text(&window.order),
        p::bool(&window.descending),
        p::int8(&window.offset),
        p::int8(&window.limit),
        p::bool(&window.members),
    ]
}

/// A group as the directory wants it.
pub(super) struct Change {
    display_name: Option<String>,
    external_id: Option<String>,
    /// None leaves them as they are.
    members: Option<Vec<Uuid>>,
}

impl Change {
    /// Out of a canonical document.
    pub(super) fn of(mut document: Object) -> Result<Self> {
        let display_name = fitting("displayName", take_text(&mut document, "displayName"), 255)?;
        let external_id = fitting("externalId", take_text(&mut document, "externalId"), 255)?;
        Ok(Self { display_name, external_id, members: Some(members(&document)?) })
    }

    /// Out of what a PATCH left of `before`: members that did not change are not written again.
    pub(super) fn after_patch(before: &Object, after: Object) -> Result<Self> {
        let (mut old, mut new) = (members(before)?, members(&after)?);
        let mut change = Self::of(after)?;
        old.sort_unstable();
        new.sort_unstable();
        if old == new {
            change.members = None;
        }
        Ok(change)
    }

    pub(super) fn for_create<'a>(&'a self, id: &'a Uuid) -> [Param<'a>; 4] {
        [
            p::uuid(id),
            p::text(&self.display_name),
            p::text(&self.external_id),
            p::uuids(&self.members),
        ]
    }

    pub(super) fn for_update<'a>(&'a self, id: &'a Uuid, seen: &'a Option<i64>) -> [Param<'a>; 5] {
        let [id, display_name, external_id, members] = self.for_create(id);
        [id, p::int8(seen), display_name, external_id, members]
    }
}

/// The ids of the members: their `value`, or the end of their `$ref`.
fn members(document: &Object) -> Result<Vec<Uuid>> {
    let list = document.get("members").and_then(Value::as_array);
    let mut ids = Vec::new();
    for member in list.into_iter().flatten() {
        let text = |name: &str| member.get(name).and_then(Value::as_str);
        if text("type").is_some_and(|kind| !kind.eq_ignore_ascii_case("User")) {
            return Err(ScimError::value("members may be users only").into());
        }
        let from_address = || text("$ref").and_then(|address| address.rsplit('/').next());
        let id = text("value").or_else(from_address).and_then(|id| Uuid::try_parse(id).ok());
        // The words of users.scim_set_members: an id of another firm's looks just so.
        let none = || ScimError::value("members contains a value that is no user");
        ids.push(id.ok_or_else(none)?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The resource of a row; none of the row that only holds the total.
pub(super) fn resource(row: &Row, base: &str) -> Option<Resource> {
    let id: Uuid = row.get::<_, Option<Uuid>>("group_id")?;
    let location = format!("{base}/Groups/{id}");
    let tag = format!("W/\"{}\"", row.get::<_, i64>("version"));
    let mut whole = Object::new();
    let mut set = |name: &str, value: Value| whole.insert(name.to_owned(), value);
    set("id", json!(id));
    set("externalId", json!(row.get::<_, Option<String>>("external_id")));
    set("displayName", json!(row.get::<_, String>("display_name")));
    let members = row.get::<_, Option<Vec<Uuid>>>("members").unwrap_or_default();
    let member =
        |id: &Uuid| json!({"value": id, "$ref": format!("{base}/Users/{id}"), "type": "User"});
    set("members", members.iter().map(member).collect());
    set("meta", meta("Group", row, &tag, &location));
    Some(Resource { whole, tag, location })
}
