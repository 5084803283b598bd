//! What the shared parts of a request may be, said once for all operations.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr, Required};

use crate::idempotency;
use crate::scim::is_scim;

/// Visible characters, as `Idempotency-Key` takes them.
const KEY: &str = "^[!-~]+$";
/// An entity tag, or `*` for whichever there is.
const TAG: &str = r#"^(\*|"[0-9]{1,19}")$"#;
/// Base64 for addresses.
const CURSOR: &str = "^[A-Za-z0-9_-]+$";

/// Gives every write its `Idempotency-Key`, the shared headers and the cursor their form, and takes
/// away what the derive says too much: a body of `null`, a default of `null`.
pub(super) fn describe(document: &mut OpenApi) {
    // SCIM has entity tags and a way to repeat itself of its own.
    for (_, item) in document.paths.paths.iter_mut().filter(|(path, _)| !is_scim(path)) {
        let writes = [&mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in writes.into_iter().flatten() {
            take_a_key(operation);
            body_is_not_null(operation);
        }
        let reads = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch];
        let all = reads.into_iter().chain([&mut item.delete]).flatten();
        for parameter in all.flat_map(|operation| operation.parameters.iter_mut().flatten()) {
            if let RefOr::T(parameter) = parameter {
                shape(parameter);
            }
        }
    }
    for schema in document.components.iter_mut().flat_map(|c| c.schemas.values_mut()) {
        if let RefOr::T(Schema::Object(object)) = schema {
            object.properties.values_mut().for_each(default_is_not_null);
        }
    }
}

fn take_a_key(operation: &mut Operation) {
    let parameters = operation.parameters.get_or_insert_default();
    let named = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(p) if p.name.eq_ignore_ascii_case(idempotency::HEADER));
    if parameters.iter().any(named) {
        return;
    }
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("New for each intent, the same when it is sent again"));
    parameters.push(RefOr::T(key.build()));
}

fn shape(parameter: &mut Parameter) {
    let (max, pattern) = match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Header, "Idempotency-Key") => (255, KEY),
        (ParameterIn::Header, "If-Match") => (21, TAG),
        (ParameterIn::Query, "cursor") => (2_000, CURSOR),
        _ => return,
    };
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    let text = text.min_length(Some(1)).max_length(Some(max)).build();
    parameter.schema = Some(RefOr::T(Schema::Object(text)));
}

/// A body that may be left out is derived as one that may be null.
fn body_is_not_null(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        if let Some(RefOr::T(Schema::OneOf(choice))) = &mut content.schema {
            choice.items.retain(|item| !is_null(item));
            if let [only] = choice.items.as_slice() {
                content.schema = Some(only.clone());
            }
        }
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    let null = SchemaType::Type(Type::Null);
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == null)
}

/// An absent member of a merge patch is not the same as null.
fn default_is_not_null(schema: &mut RefOr<Schema>) {
    let default = match schema {
        RefOr::Ref(reference) => &mut reference.default,
        RefOr::T(Schema::Array(array)) => &mut array.default,
        RefOr::T(Schema::Object(object)) => &mut object.default,
        RefOr::T(Schema::OneOf(choice)) => &mut choice.default,
        RefOr::T(_) => return,
    };
    if default.as_ref().is_some_and(serde_json::Value::is_null) {
        *default = None;
    }
}
