//! From a filter to conditions that an index can answer. What cannot be said to the database is
//! looked at here, resource by resource, among at most [`MAX_LOOKED_AT`] that fulfil the rest.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wealth_core::scim::Filter;
use wealth_core::scim::filter::{Compare, Literal, Operator};

/// Most resources that a filter may look through; more is `tooMany` (RFC 7644 section 3.12).
pub(crate) const MAX_LOOKED_AT: i64 = 5_000;

/// What the database is told. None is no condition.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(crate) id: Option<Uuid>,
    /// Of `userName` or of a group's `displayName`.
    pub(crate) name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) active: Option<bool>,
    /// Only narrows: which of the addresses is meant, the filter says.
    pub(crate) email: Option<String>,
    pub(crate) member: Option<Uuid>,
    pub(crate) after: Option<DateTime<Utc>>,
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) before: Option<DateTime<Utc>>,
    pub(crate) to: Option<DateTime<Utc>>,
    /// Whether the conditions say all that the filter says.
    pub(crate) complete: bool,
}

impl Conditions {
    /// The conditions that follow from a filter, where `name` is the attribute that names.
    pub(crate) fn of(filter: Option<&Filter>, name: &str) -> Self {
        let mut conditions = Self { complete: true, ..Self::default() };
        for conjunct in filter.map(Filter::conjuncts).unwrap_or_default() {
            if !conditions.take(conjunct, name) {
                conditions.complete = false;
            }
        }
        conditions
    }

    /// Whether the conjunct is wholly said by a condition.
    fn take(&mut self, conjunct: &Filter, name: &str) -> bool {
        match conjunct {
            Filter::Compare(compare) => self.compare(compare, name),
            Filter::Element(target, inner) if target.is("emails", None) => {
                for part in inner.conjuncts() {
                    if let Filter::Compare(compare) = part
                        && compare.target.is("value", None)
                    {
                        self.address(compare);
                    }
                }
                false
            }
            _ => false,
        }
    }

    fn compare(&mut self, compare: &Compare, name: &str) -> bool {
        let Compare { target, operator, value } = compare;
        match value {
            Literal::Text(text) if *operator == Operator::Eq => {
                if target.is(name, None) {
                    return set(&mut self.name, text.clone());
                } else if target.is("externalId", None) {
                    return set(&mut self.external_id, text.clone());
                } else if target.is("id", None) {
                    return id(&mut self.id, text);
                } else if target.is("members", Some("value")) {
                    return id(&mut self.member, text);
                } else if target.is("emails", Some("value")) {
                    self.address(compare);
                }
                false
            }
            Literal::Bool(wanted) if target.is("active", None) => {
                set(&mut self.active, *wanted == (*operator == Operator::Eq))
            }
            Literal::Instant(at) if target.is("meta", Some("lastModified")) => match operator {
                Operator::Gt => set(&mut self.after, *at),
                Operator::Ge => set(&mut self.from, *at),
                Operator::Lt => set(&mut self.before, *at),
                Operator::Le => set(&mut self.to, *at),
                _ => false,
            },
            _ => false,
        }
    }

    fn address(&mut self, compare: &Compare) {
        if let (Operator::Eq, Literal::Text(text)) = (compare.operator, &compare.value) {
            set(&mut self.email, text.clone());
        }
    }
}

/// Sets a condition once; a second one on the same column is left to the filter.
fn set<T>(slot: &mut Option<T>, value: T) -> bool {
    let free = slot.is_none();
    if free {
        *slot = Some(value);
    }
    free
}

/// Ids are compared as text and exactly, so one in another spelling is nobody's.
fn id(slot: &mut Option<Uuid>, text: &str) -> bool {
    match Uuid::try_parse(text).ok().filter(|id| id.to_string() == text) {
        Some(id) => set(slot, id),
        None => {
            *slot = Some(Uuid::nil());
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wealth_core::scim::filter::parse;
    use wealth_core::scim::{GROUP, USER};

    fn user(filter: &str) -> Conditions {
        Conditions::of(Some(&parse(&USER, filter).unwrap()), "userName")
    }

    #[test]
    fn what_an_index_can_answer_is_said_to_the_database() {
        let all = user(r#"userName eq "a" and (externalId eq "x" and active ne false)"#);
        let expected = Conditions {
            name: Some("a".to_owned()),
            external_id: Some("x".to_owned()),
            active: Some(true),
            complete: true,
            ..Conditions::default()
        };
        assert_eq!(all, expected);
        let group = parse(&GROUP, r#"members eq "0193b0a0-0000-7000-8000-000000000001""#).unwrap();
        let group = Conditions::of(Some(&group), "displayName");
        assert!(group.complete && group.member.is_some());
    }

    #[test]
    fn what_only_narrows_leaves_the_filter_to_be_looked_at() {
        for filter in [
            r#"userName eq "a" or externalId eq "x""#,
            r#"not (userName eq "a")"#,
            r#"userName eq "a" and userName eq "b""#,
            r#"title co "boss""#,
            r#"emails[type eq "work" and value eq "a@b.example"]"#,
            r#"emails.value eq "a@b.example""#,
        ] {
            assert!(!user(filter).complete, "{filter}");
        }
        assert_eq!(user(r#"emails[value eq "A@b.example"]"#).email.as_deref(), Some("A@b.example"));
        assert_eq!(user(r#"userName eq "a" or externalId eq "x""#).name, None);
    }

    #[test]
    fn an_id_that_nobody_can_have_finds_nobody() {
        for filter in [r#"id eq "7""#, r#"id eq "0193B0A0-0000-7000-8000-000000000001""#] {
            assert_eq!(user(filter).id, Some(Uuid::nil()));
        }
    }
}
