//! The log as a table (RFC 4180). A cell that a spreadsheet would take for a formula is led by an
//! apostrophe: what people call themselves stands in these cells.

use serde_json::value::RawValue;
use wealth_core::audit::{Event, Record};

const COLUMNS: &str = "leaf_index,leaf_hash,event_id,tenant_id,occurred_at,recorded_at,actor_id,\
    actor_type,actor_label,action,legacy_action,resource_type,resource_id,old_values,new_values,\
    details,ip_address,user_agent,session_id,session_ref,request_id,transaction_name,outcome,\
    reason,purpose,salt\r\n";

/// As many lines as `most` bytes hold, and how many; the names of the columns on the first page.
pub(super) fn write(records: &[Record], first: bool, most: usize) -> (String, usize) {
    let mut body = if first { COLUMNS.to_owned() } else { String::new() };
    let mut written = 0;
    for record in records {
        let cells = [
            record.leaf_index.to_string(),
            record.leaf_hash.to_string(),
            record.event_id.to_string(),
        ];
        for cell in cells {
            push(&mut body, &cell);
        }
        if let Some(event) = &record.event {
            row(&mut body, event);
        }
        body.pop();
        body.push_str("\r\n");
        written += 1;
        if body.len() > most {
            break;
        }
    }
    (body, written)
}

fn row(body: &mut String, event: &Event) {
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let json =
        |value: &Option<Box<RawValue>>| value.as_deref().map_or("", RawValue::get).to_owned();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    for cell in [
        event.tenant_id.to_string(),
        event.occurred_at.clone(),
        event.recorded_at.clone(),
        id(event.actor_id),
        event.actor_type.clone(),
        text(&event.actor_label),
        event.action.clone(),
        text(&event.legacy_action),
        text(&event.resource_type),
        text(&event.resource_id),
        json(&event.old_values),
        json(&event.new_values),
        json(&event.details),
        text(&event.ip_address),
        text(&event.user_agent),
        id(event.session_id),
        text(&event.session_ref),
        id(event.request_id),
        text(&event.transaction_name),
        event.outcome.clone(),
        text(&event.reason),
        text(&event.purpose),
        id(event.salt),
    ] {
        push(body, &cell);
    }
}

/// A cell and its comma.
fn push(body: &mut String, cell: &str) {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || cell.contains(['"', ',', '\r', '\n']) {
        body.push('"');
        if formula {
            body.push('\'');
        }
        body.push_str(&cell.replace('"', "\"\""));
        body.push('"');
    } else {
        body.push_str(cell);
    }
    body.push(',');
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn a_cell_stays_one_cell_and_no_formula() {
        let mut body = String::new();
        for cell in ["plain", "", "a,b", "say \"x\"", "=1+1", "two\nlines", "@x", "ünï"] {
            push(&mut body, cell);
        }
        assert_eq!(body, "plain,,\"a,b\",\"say \"\"x\"\"\",\"'=1+1\",\"two\nlines\",\"'@x\",ünï,");
    }
}
