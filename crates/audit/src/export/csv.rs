//! The log as a table (RFC 4180). A cell that a spreadsheet would take for a formula is led by an
//! apostrophe: what people call themselves stands in these cells.

use serde_json::value::RawValue;
use wealth_core::audit::{Event, Record};

const COLUMNS: &str = "leaf_index,leaf_hash,event_id,tenant_id,occurred_at,recorded_at,actor_id,\
    actor_type,actor_label,action,legacy_action,resource_type,resource_id,old_values,new_values,\
    details,ip_address,user_agent,session_id,session_ref,request_id,transaction_name,outcome,\
    reason,purpose,salt,erased\r\n";
/// Those of them that tell of the event.
const OF_EVENT: usize = 24;

/// As many lines as `most` bytes hold, and how many; the names of the columns on the first page.
pub(super) fn write(records: &[Record], first: bool, most: usize) -> (String, usize) {
    let mut body = if first { COLUMNS.to_owned() } else { String::new() };
    let mut written = 0;
    for record in records {
        // Number, base64 and id, as they are: a hash that begins with + has no apostrophe.
        let (index, hash, id) = (record.leaf_index, record.leaf_hash, record.event_id);
        body.push_str(&format!("{index},{hash},{id},"));
        match &record.event {
            Some(event) => row(&mut body, event),
            // It has left for the archive, or was deleted.
            None => body.push_str(&",".repeat(OF_EVENT)),
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
    let erased = event.erased.as_ref().and_then(|erased| serde_json::to_string(erased).ok());
    let cells: [String; OF_EVENT] = [
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
        erased.unwrap_or_default(),
    ];
    for cell in cells {
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
    use wealth_core::audit::Hash;

    use super::*;

    /// As many cells as columns, and the hash that an inclusion proof takes.
    #[test]
    fn a_leaf_whose_event_has_left_is_a_whole_row() {
        let event_id = uuid::Uuid::nil();
        let leaf_hash = Hash([0xf8; 32]);
        let record = Record { leaf_index: 7, leaf_hash, event_id, event: None, sealed: None };
        let (body, written) = write(&[record], true, 1_000_000);
        let (columns, row) = body.trim_end().split_once("\r\n").unwrap();
        assert_eq!(row.split(',').count(), columns.split(',').count());
        assert_eq!(row.trim_end_matches(','), format!("7,{leaf_hash},{event_id}"));
        assert!(leaf_hash.to_string().starts_with('+') && written == 1);
    }

    #[test]
    fn a_cell_stays_one_cell_and_no_formula() {
        let mut body = String::new();
        for cell in ["plain", "", "a,b", "say \"x\"", "=1+1", "two\nlines", "@x", "ünï"] {
            push(&mut body, cell);
        }
        assert_eq!(body, "plain,,\"a,b\",\"say \"\"x\"\"\",\"'=1+1\",\"two\nlines\",\"'@x\",ünï,");
    }
}
