//! Attribute notation (RFC 7644 section 3.10): `name.givenName`, qualified by a URN or not.

use super::schema::{Attribute, Kind, ResourceType, Schema};

/// What an attribute path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The extension that it lies in; none for the core schema.
    pub extension: Option<&'static Schema>,
    /// The attribute; none if the path is the URN of a schema and nothing else.
    pub attribute: Option<&'static Attribute>,
    /// The part of a complex attribute.
    pub sub: Option<&'static Attribute>,
}

impl Target {
    /// What the last part of the path is.
    pub fn leaf(&self) -> Option<&'static Attribute> {
        self.sub.or(self.attribute)
    }

    /// The path in canonical spelling.
    pub fn name(&self) -> String {
        let mut name = self.extension.map_or(String::new(), |schema| schema.id.to_owned());
        for (part, separator) in [(self.attribute, ':'), (self.sub, '.')] {
            if let Some(attribute) = part {
                if !name.is_empty() {
                    name.push(separator);
                }
                name.push_str(attribute.name);
            }
        }
        name
    }

    /// Whether it names the attribute `attribute` of the core schema, with that part of it.
    pub fn is(&self, attribute: &str, sub: Option<&str>) -> bool {
        self.extension.is_none()
            && self.attribute.is_some_and(|found| found.name == attribute)
            && self.sub.map(|found| found.name) == sub
    }

    /// The same, down to the value: `emails` compares as `emails.value` (RFC 7644 section 3.4.2.2).
    pub fn comparable(mut self) -> Option<Self> {
        let leaf = self.leaf()?;
        if leaf.kind == Kind::Complex {
            self.sub = Some(leaf.sub("value")?);
        }
        Some(self)
    }
}

/// Finds what a path names in a kind of resource; names count in whatever case.
///
/// # Errors
/// Says which part names nothing.
pub fn resolve(resource: &ResourceType, path: &str) -> Result<Target, String> {
    let (extension, rest) = qualified(resource, path)?;
    if rest.is_empty() {
        return Ok(Target { extension, attribute: None, sub: None });
    }
    let (name, part) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
    let attribute = match extension {
        Some(schema) => schema.find(name),
        None => resource.find(name),
    };
    let attribute =
        attribute.ok_or_else(|| format!("{} has no attribute {name:?}", resource.name))?;
    let sub = match part {
        None => None,
        Some(part) => Some(
            attribute
                .sub(part)
                .ok_or_else(|| format!("{} has no sub-attribute {part:?}", attribute.name))?,
        ),
    };
    Ok(Target { extension, attribute: Some(attribute), sub })
}

/// Takes a known URN off the front. The version in it has a dot, so the longest match counts.
fn qualified<'a>(
    resource: &ResourceType,
    path: &'a str,
) -> Result<(Option<&'static Schema>, &'a str), String> {
    if let Some(rest) = after(path, resource.schema.id) {
        return Ok((None, rest));
    }
    for schema in resource.extensions {
        if let Some(rest) = after(path, schema.id) {
            return Ok((Some(schema), rest));
        }
    }
    if path.contains(':') {
        return Err(format!("{} has no such schema", resource.name));
    }
    if path.is_empty() {
        return Err("the path is empty".to_owned());
    }
    Ok((None, path))
}

fn after<'a>(path: &'a str, urn: &str) -> Option<&'a str> {
    let (head, rest) = path.split_at_checked(urn.len())?;
    if !head.eq_ignore_ascii_case(urn) {
        return None;
    }
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix(':').filter(|name| !name.is_empty())
    }
}
