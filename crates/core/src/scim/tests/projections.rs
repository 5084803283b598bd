use serde_json::{Value, json};

use super::barbara;
use crate::scim::project::Projection;
use crate::scim::schema::USER;

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ID: &str = "0193b0a0-0000-7000-8000-000000000001";

fn shown(attributes: &[&str], excluded: &[&str]) -> Value {
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let projection = Projection::read(&USER, &texts(attributes), &texts(excluded)).unwrap();
    let mut person = barbara();
    person.insert("password".to_owned(), "no attribute".into());
    Value::Object(projection.apply(&USER, &person))
}

#[test]
fn the_whole_in_the_order_of_the_schema() {
    let all = shown(&[], &[]);
    let names: Vec<_> = all.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["schemas", "id", "externalId", "userName", "name", "active", "emails", "meta", ENTERPRISE]
    );
    assert_eq!(all["schemas"], json!([CORE, ENTERPRISE]));
}

#[test]
fn only_what_is_asked_for() {
    assert_eq!(
        shown(&["username", "name.givenName", "emails.value", "password", "nothing"], &[]),
        json!({
            "schemas": [CORE, ENTERPRISE], "id": ID, "userName": "bjensen",
            "name": {"givenName": "Barbara"},
            "emails": [{"value": "bjensen@example.com"}, {"value": "babs@jensen.example"}],
        })
    );
    assert_eq!(
        shown(&[&format!("{ENTERPRISE}:department")], &[]),
        json!({
            "schemas": [CORE, ENTERPRISE], "id": ID, ENTERPRISE: {"department": "Sales"},
        })
    );
    assert_eq!(
        shown(&[ENTERPRISE], &[])[ENTERPRISE],
        json!({"department": "Sales", "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d"}})
    );
    assert_eq!(shown(&["nothing"], &[]), json!({"schemas": [CORE, ENTERPRISE], "id": ID}));
}

#[test]
fn all_but_what_is_excluded() {
    let rest = shown(
        &[],
        &["id", "emails.type", "name", "meta", "externalId", "emails.primary", ENTERPRISE],
    );
    assert_eq!(
        rest,
        json!({
            "schemas": [CORE, ENTERPRISE], "id": ID, "userName": "bjensen", "active": true,
            "emails": [{"value": "bjensen@example.com"}, {"value": "babs@jensen.example"}],
        })
    );
}

#[test]
fn asking_and_excluding_at_once_is_refused() {
    let both = Projection::read(&USER, &["id".to_owned()], &["name".to_owned()]);
    assert_eq!(both.unwrap_err().detail, "attributes and excludedAttributes exclude each other");
}
