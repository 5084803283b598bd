//! The Group schema (RFC 7643 section 4.2). Groups hold members, not groups: a role that is mapped
//! to a group is then given to exactly those who are listed.

use super::Schema;
use super::attribute::{Attribute, complex, reference, string};

/// `urn:ietf:params:scim:schemas:core:2.0:Group`
pub static GROUP_SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    description: "A group of members of the firm",
    attributes: &[
        string("displayName", "The group's name; unique in the firm").required().server_unique(),
        complex("members", "Who belongs to the group", MEMBER).multi(),
    ],
};

static MEMBER: &[Attribute] = &[
    string("value", "The member's id").case_exact().immutable(),
    reference("$ref", "The member's address", &["User"]).immutable(),
    string("type", "The kind of member").canonical(&["User"]).immutable(),
];
