//! A User is a membership: what the firm's directory says of a person.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::scim::Object;
use wealth_db::{Param, Row, Sql, p, sql};
use wealth_http::Result;

use super::{Window, fitting, take_text};
use crate::scim::answer::Resource;

pub(super) const FIND: Sql = sql!("users", "scim_users");
pub(super) const CREATE: Sql = sql!("users", "scim_create_user");
pub(super) const UPDATE: Sql = sql!("users", "scim_update_user");
pub(super) const LOCK: Sql = sql!("users", "scim_lock_user");
pub(super) const DELETE: Sql = sql!("users", "scim_delete_user");

pub(super) fn find(window: &Window) -> [Param<'_>; 13] {
    let c = &window.conditions;
    [
        p::uuid(&c.id),
        p::text(&c.name),
        p::text(&c.external_id),
        p::bool(&c.active),
        p::text(&c.email),
        p::timestamptz(&c.after),
        p::timestamptz(&c.from),
        p::timestamptz(&c.before),
        p::timestamptz(&c.to),
        p::text(&window.order),
        p::bool(&window.descending),
        p::int8(&window.offset),
        p::int8(&window.limit),
    ]
}

/// Whom a directory looked at, for the audit log.
pub(super) fn asked_for(window: &Window) -> Value {
    let c = &window.conditions;
    match c.id {
        Some(id) => json!({"user_id": id}),
        None => json!({"user_name": c.name, "external_id": c.external_id, "email": c.email,
            "first": window.offset + 1, "count": window.limit}),
    }
}

/// A person as the directory wants it.
pub(super) struct Change {
    user_name: Option<String>,
    external_id: Option<String>,
    /// None leaves it as it is; a new person is active.
    active: Option<bool>,
    scim: Value,
    /// What goes into the person's own row, where the directory owns the person.
    pub(super) person: Value,
    /// Set, and never read again.
    pub(super) password: Option<String>,
}

impl Change {
    /// Out of a canonical document.
    pub(super) fn of(mut document: Object) -> Result<Self> {
        for derived in ["schemas", "id", "meta", "groups", "roles"] {
            document.shift_remove(derived);
        }
        let user_name = fitting("userName", take_text(&mut document, "userName"), 320)?;
        let external_id = fitting("externalId", take_text(&mut document, "externalId"), 255)?;
        let active = document.shift_remove("active").and_then(|active| active.as_bool());
        let password = take_text(&mut document, "password");
        let person = person(&document, user_name.as_deref());
        let scim = Value::Object(document);
        Ok(Self { user_name, external_id, active, scim, person, password })
    }

    /// Out of a document that a PATCH left. One that took `active` away leaves nobody active, and
    /// the attribute unassigned (RFC 7644 section 3.5.2.2).
    pub(super) fn after_patch(document: Object) -> Result<Self> {
        let mut change = Self::of(document)?;
        if change.active.is_none() {
            change.active = Some(false);
            change.scim["active"] = Value::Null;
        }
        Ok(change)
    }

    /// With the id under which the person is provisioned.
    pub(super) fn with_id(mut self, id: Uuid) -> Self {
        self.person["user_id"] = json!(id);
        self
    }

    /// With the hash of the new password, if it is new.
    pub(super) fn with_hash(mut self, hash: Option<String>) -> Self {
        if let Some(hash) = hash {
            self.person["password_hash"] = json!(hash);
        }
        self
    }

    pub(super) fn for_create(&self) -> [Param<'_>; 5] {
        [
            p::text(&self.user_name),
            p::text(&self.external_id),
            p::bool(&self.active),
            p::json(&self.scim),
            p::json(&self.person),
        ]
    }

    pub(super) fn for_update<'a>(&'a self, id: &'a Uuid, seen: &'a Option<i64>) -> [Param<'a>; 7] {
        let [user_name, external_id, active, scim, person] = self.for_create();
        [p::uuid(id), p::int8(seen), user_name, external_id, active, scim, person]
    }
}

fn person(document: &Object, user_name: Option<&str>) -> Value {
    let name = |part: &str| document.get("name").and_then(|name| name.get(part)).cloned();
    let emails = document.get("emails").and_then(Value::as_array);
    let email = emails.and_then(|emails| {
        let primary = emails.iter().find(|e| e.get("primary") == Some(&Value::Bool(true)));
        primary.or_else(|| emails.first())?.get("value")?.as_str()
    });
    json!({
        "email": email.or(user_name),
        "first_name": name("givenName"),
        "last_name": name("familyName"),
        "display_name": document.get("displayName").cloned().or_else(|| name("formatted")),
    })
}

/// The resource of a row; none of the row that only holds the total.
pub(super) fn resource(row: &Row, base: &str) -> Option<Resource> {
    let id: Uuid = row.get::<_, Option<Uuid>>("user_id")?;
    let location = format!("{base}/Users/{id}");
    let mut whole = match row.get::<_, Option<Value>>("scim") {
        Some(Value::Object(scim)) => scim,
        _ => described(row),
    };
    let (groups, roles): (Value, Value) = (row.get("groups"), row.get("roles"));
    let tag = tag(row.get("version"), &groups, &roles);
    let mut set = |name: &str, value: Value| whole.insert(name.to_owned(), value);
    set("id", json!(id));
    set("userName", json!(row.get::<_, String>("user_name")));
    set("externalId", json!(row.get::<_, Option<String>>("external_id")));
    set("groups", with_addresses(groups, base));
    set("roles", roles);
    set("meta", meta("User", row, &tag, &location));
    // Null marks one that was taken away.
    if !whole.contains_key("active") {
        whole.insert("active".to_owned(), json!(row.get::<_, bool>("active")));
    }
    Some(Resource { whole, tag, location })
}

/// A member whom no directory has described yet: what the platform knows of the person.
fn described(row: &Row) -> Object {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let mut document = Object::new();
    let mut name = Object::new();
    for (part, column) in [("familyName", "last_name"), ("givenName", "first_name")] {
        if let Some(text) = text(column) {
            name.insert(part.to_owned(), text.into());
        }
    }
    if !name.is_empty() {
        document.insert("name".to_owned(), Value::Object(name));
    }
    if let Some(text) = text("display_name") {
        document.insert("displayName".to_owned(), text.into());
    }
    if let Some(text) = text("email") {
        let email = json!([{"value": text, "type": "work", "primary": true}]);
        document.insert("emails".to_owned(), email);
    }
    document
}

fn with_addresses(mut groups: Value, base: &str) -> Value {
    for group in groups.as_array_mut().into_iter().flatten() {
        let id = group["value"].as_str().unwrap_or_default().to_owned();
        group["$ref"] = json!(format!("{base}/Groups/{id}"));
        group["type"] = json!("direct");
    }
    groups
}

/// The version and, as groups and roles change without it, a digest of those.
fn tag(version: i64, groups: &Value, roles: &Value) -> String {
    let digest = digest(&SHA256, format!("{groups}{roles}").as_bytes());
    let digest: String = digest.as_ref().iter().take(4).map(|b| format!("{b:02x}")).collect();
    format!("W/\"{version}-{digest}\"")
}

/// `meta`, with times as exact as the database has them, so that filters agree with it.
pub(super) fn meta(kind: &str, row: &Row, tag: &str, location: &str) -> Value {
    let at = |column: &str| {
        row.get::<_, DateTime<Utc>>(column).to_rfc3339_opts(SecondsFormat::Micros, true)
    };
    json!({
        "resourceType": kind,
        "created": at("created_at"),
        "lastModified": at("updated_at"),
        "location": location,
        "version": tag,
    })
}
