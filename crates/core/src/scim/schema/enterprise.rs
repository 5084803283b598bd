//! The enterprise extension of User (RFC 7643 section 4.3).

use super::Schema;
use super::attribute::{Attribute, complex, reference, string};

/// `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`
pub static ENTERPRISE_USER: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    name: "Enterprise User",
    description: "What an employer knows about the person",
    attributes: &[
        string("employeeNumber", "Number that the employer gave"),
        string("costCenter", "Cost center"),
        string("organization", "Organization"),
        string("division", "Division"),
        string("department", "Department"),
        complex("manager", "The person's manager, who need not be provisioned", MANAGER),
    ],
};

static MANAGER: &[Attribute] = &[
    string("value", "The manager's id").case_exact(),
    reference("$ref", "The manager's address", &["User"]),
];
