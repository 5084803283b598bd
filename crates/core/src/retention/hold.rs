//! Legal holds: what is not to be deleted, and for whom.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::shape::{ExternalId, Name, Note};
use crate::text;
use crate::violations::Violations;

/// What a scope of a hold covers. All of them cover what is recorded later, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// Everything of the firm.
    Tenant,
    /// All records of a class.
    Class,
    /// All records in a table.
    Table,
    /// One record and what belongs to it.
    Record,
    /// What a person did, and what is about the person.
    Person,
}

/// A scope as a request carries it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHoldScope {
    /// What it covers.
    pub kind: ScopeKind,
    /// Of `table` and `record`: the table, such as `rates.rate_history`.
    #[schema(value_type = Option<ExternalId>)]
    pub table_name: Option<String>,
    /// Of `record`: its id, in any spelling; the parts of a longer key are joined by `/`.
    #[schema(value_type = Option<ExternalId>)]
    pub record_id: Option<String>,
    /// Of `person`: who.
    pub person_id: Option<Uuid>,
    /// Of `class`: which.
    #[schema(value_type = Option<ExternalId>)]
    pub class: Option<String>,
}

/// A hold as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// The matter.
    #[serde(default)]
    #[schema(required = true, value_type = Name)]
    pub name: String,
    /// Why it is placed.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    pub reason: String,
    /// What it covers: 1 to 100 scopes, of which any one is enough.
    #[serde(default)]
    #[schema(required = true, min_items = 1, max_items = 100)]
    pub scopes: Vec<NewHoldScope>,
}

/// A scope with just what its kind needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldScope {
    /// What it covers.
    pub kind: ScopeKind,
    /// The table of a record or table.
    pub table_name: Option<String>,
    /// The id of a record.
    pub record_id: Option<String>,
    /// The person.
    pub person_id: Option<Uuid>,
    /// The class.
    pub class: Option<String>,
}

/// A hold whose every field is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// The matter.
    pub name: String,
    /// Why.
    pub reason: String,
    /// What it covers.
    pub scopes: Vec<HoldScope>,
}

/// Most scopes of one hold.
const MOST: usize = 100;

impl NewHold {
    /// The hold.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<Hold, Violations> {
        let mut v = Violations::new();
        let name = text::clean(&self.name, text::NAME, "/name", &mut v);
        let reason = text::clean(&self.reason, text::REASON, "/reason", &mut v);
        if self.scopes.is_empty() {
            v.add("/scopes", "required", "must not be empty");
        }
        if self.scopes.len() > MOST {
            v.add("/scopes", "too_long", format!("may have at most {MOST} scopes"));
        }
        let each = self.scopes.into_iter().take(MOST).enumerate();
        let scopes = each.map(|(n, scope)| scope.validate(&format!("/scopes/{n}"), &mut v));
        let scopes = scopes.collect();
        v.into_result(Hold {
            name: name.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
            scopes,
        })
    }
}

impl NewHoldScope {
    fn validate(self, at: &str, v: &mut Violations) -> HoldScope {
        let kind = self.kind;
        let (table, record) = match kind {
            ScopeKind::Table => (true, false),
            ScopeKind::Record => (true, true),
            _ => (false, false),
        };
        let mut field = |given: Option<String>, wanted: bool, name: &str| {
            let at = format!("{at}/{name}");
            demand(given.is_some(), wanted, &at, v);
            given.and_then(|given| text::clean(&given, text::EXTERNAL_ID, &at, v))
        };
        let table_name = field(self.table_name, table, "table_name");
        let record_id = field(self.record_id, record, "record_id");
        let class = field(self.class, kind == ScopeKind::Class, "class");
        let person = kind == ScopeKind::Person;
        demand(self.person_id.is_some(), person, &format!("{at}/person_id"), v);
        HoldScope { kind, table_name, record_id, person_id: self.person_id, class }
    }
}

/// A member that its kind wants must be there, another one must not.
fn demand(given: bool, wanted: bool, at: &str, v: &mut Violations) {
    match (given, wanted) {
        (false, true) => v.add(at, "required", "is required for this kind"),
        (true, false) => v.add(at, "unknown_field", "does not belong to this kind"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: serde_json::Value) -> Result<Hold, Violations> {
        serde_json::from_value::<NewHold>(body).unwrap().validate()
    }

    fn pointers(body: serde_json::Value) -> Vec<String> {
        read(body).unwrap_err().0.into_iter().map(|found| found.pointer).collect()
    }

    #[test]
    fn each_kind_has_its_own_members() {
        let person = "0199aaaa-0000-7000-8000-000000000001";
        let good = json!({"name": " SEC v. Doe ", "reason": "Letter of today", "scopes": [
            {"kind": "tenant"}, {"kind": "class", "class": "rate_history"},
            {"kind": "table", "table_name": "rates.rate_history"},
            {"kind": "record", "table_name": "products.products", "record_id": person},
            {"kind": "person", "person_id": person}]});
        let hold = read(good).unwrap();
        assert_eq!((hold.name.as_str(), hold.scopes.len()), ("SEC v. Doe", 5));
        let bad = json!({"name": "", "scopes": [{"kind": "tenant", "class": "x"}, {"kind": "class"},
            {"kind": "record", "table_name": "a\u{0}"}, {"kind": "person", "table_name": "x"}]});
        assert_eq!(
            pointers(bad),
            [
                "/name",
                "/reason",
                "/scopes/0/class",
                "/scopes/1/class",
                "/scopes/2/table_name",
                "/scopes/2/record_id",
                "/scopes/3/table_name",
                "/scopes/3/person_id"
            ]
        );
        assert_eq!(pointers(json!({"name": "x", "reason": "y"})), ["/scopes"]);
        let many = vec![json!({"kind": "tenant"}); 101];
        assert_eq!(pointers(json!({"name": "x", "reason": "y", "scopes": many})), ["/scopes"]);
    }
}
