//! The path of an operation with ids in it.

use crate::fixtures::Ids;
use crate::operations::Operation;

/// The query an operation needs beside ids.
fn query(operation: &Operation) -> &'static str {
    match operation.id.as_str() {
        "rates_yields" => "principal=1000.00&rate=4.0000&start_date=2026-01-01&end_date=2027-01-01",
        "audit_consistency_proof" => "first=1&second=2",
        _ => "",
    }
}

/// The path of an operation with these ids in it.
pub(crate) fn path(operation: &Operation, ids: &Ids) -> String {
    let mut path = operation.path.clone();
    for name in &operation.in_path {
        let value = match (operation.id.as_str(), name.as_str()) {
            // Others link sign-ins personally.
            ("user_identities_create", "user_id") => &ids.person,
            // What ends is in force, what is decided on waits.
            ("rate_overrides_end", "override_id") => &ids.rate_override[1],
            ("audit_record_history", "resource_type") => "products",
            ("record_retention_get", "resource_type") => "products.products",
            ("retention_policies_put", "class") => "rate_history",
            ("legal_holds_release" | "legal_holds_refuse_release", "hold_id") => &ids.kept.hold[1],
            _ => ids.named(name).or_else(|| crate::directory::constant(name)).unwrap_or("1"),
        };
        path = path.replace(&format!("{{{name}}}"), value);
    }
    let query = query(operation);
    if query.is_empty() { path } else { format!("{path}?{query}") }
}
