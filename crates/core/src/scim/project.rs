//! What of a resource is shown (RFC 7644 section 3.9).

use serde_json::{Value, json};

use super::Object;
use super::error::ScimError;
use super::path::{Target, resolve};
use super::schema::{Attribute, COMMON, ResourceType, Returned, Schema};

/// The attributes that a client asks for, or those that it does not want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projection {
    wanted: Option<Vec<Target>>,
    excluded: Vec<Target>,
}

impl Projection {
    /// Reads `attributes` and `excludedAttributes`. Names that the resource does not have select
    /// nothing, as one request may concern several kinds.
    ///
    /// # Errors
    /// `invalidValue` if both are given.
    pub fn read(
        resource: &ResourceType,
        attributes: &[String],
        excluded: &[String],
    ) -> Result<Self, ScimError> {
        if !attributes.is_empty() && !excluded.is_empty() {
            let detail = "attributes and excludedAttributes exclude each other";
            return Err(ScimError::value(detail));
        }
        let targets = |paths: &[String]| {
            paths.iter().filter_map(|path| resolve(resource, path.trim()).ok()).collect()
        };
        let wanted = (!attributes.is_empty()).then(|| targets(attributes));
        Ok(Self { wanted, excluded: targets(excluded) })
    }

    /// Whether any of that core attribute may be shown; lets a reader leave costly parts out.
    pub fn shows(&self, attribute: &Attribute) -> bool {
        self.choose(None, attribute, None)
    }

    /// The part of a resource that is shown, in the order of the schema.
    pub fn apply(&self, resource: &ResourceType, whole: &Object) -> Object {
        let mut shown = Object::new();
        let extensions: Vec<&Schema> =
            resource.extensions.iter().copied().filter(|s| whole.contains_key(s.id)).collect();
        let urns: Vec<&str> =
            std::iter::once(resource.schema.id).chain(extensions.iter().map(|s| s.id)).collect();
        shown.insert("schemas".to_owned(), json!(urns));
        let (meta, first): (Vec<_>, Vec<_>) = COMMON.iter().partition(|common| common.is("meta"));
        let core = first.into_iter().chain(resource.schema.attributes).chain(meta);
        for attribute in core.filter(|attribute| !attribute.is("schemas")) {
            self.copy(None, attribute, whole, &mut shown);
        }
        for schema in extensions {
            let Some(part) = whole.get(schema.id).and_then(Value::as_object) else { continue };
            let mut extension = Object::new();
            for attribute in schema.attributes {
                self.copy(Some(schema), attribute, part, &mut extension);
            }
            if !extension.is_empty() {
                shown.insert(schema.id.to_owned(), Value::Object(extension));
            }
        }
        shown
    }

    fn copy(
        &self,
        extension: Option<&Schema>,
        attribute: &Attribute,
        from: &Object,
        to: &mut Object,
    ) {
        let Some(value) = from.get(attribute.name) else { return };
        if !self.choose(extension, attribute, None) {
            return;
        }
        let parts = |object: &Object| {
            let subs = attribute.sub_attributes.iter();
            let kept = subs.filter(|sub| self.choose(extension, attribute, Some(sub)));
            let pairs =
                kept.filter_map(|sub| Some((sub.name.to_owned(), object.get(sub.name)?.clone())));
            Value::Object(pairs.collect())
        };
        let value = match value {
            Value::Object(object) => parts(object),
            Value::Array(list) => {
                let element =
                    |value: &Value| value.as_object().map_or_else(|| value.clone(), parts);
                Value::Array(list.iter().map(element).collect())
            }
            other => other.clone(),
        };
        if super::filter::present(&value) {
            to.insert(attribute.name.to_owned(), value);
        }
    }

    /// Whether the attribute is shown at all (`sub` none), or that part of it.
    fn choose(
        &self,
        extension: Option<&Schema>,
        attribute: &Attribute,
        sub: Option<&Attribute>,
    ) -> bool {
        let leaf = sub.unwrap_or(attribute);
        let named = |targets: &[Target], loosely: bool| {
            targets.iter().any(|target| {
                let same_schema = target.extension.map(|s| s.id) == extension.map(|s| s.id);
                same_schema
                    && target.attribute.is_none_or(|found| found.name == attribute.name)
                    && match (target.sub, sub) {
                        (None, _) => true,
                        (Some(_), None) => loosely,
                        (Some(wanted), Some(sub)) => wanted.name == sub.name,
                    }
            })
        };
        let explicitly = |targets: &[Target]| {
            targets.iter().any(|target| target.leaf().is_some_and(|found| found == leaf))
        };
        match (leaf.returned, &self.wanted) {
            (Returned::Always, _) => true,
            (Returned::Never, _) => false,
            (Returned::Request, wanted) => wanted.as_ref().is_some_and(|w| explicitly(w)),
            (Returned::Default, Some(wanted)) => named(wanted, true),
            (Returned::Default, None) => !named(&self.excluded, false),
        }
    }
}
