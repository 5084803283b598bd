//! Paths of PATCH operations: an attribute path, or one with a filter in brackets.

use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Compare, Filter, Literal, MAX_LENGTH, Operator, parse_tokens};
use crate::scim::lexer::{Token, tokens};
use crate::scim::path::{Target, resolve};
use crate::scim::schema::{Kind, ResourceType};
use crate::scim::{Object, value};

/// Where an operation works.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) target: Target,
    /// Which elements of the list.
    pub(super) filter: Option<Filter>,
}

/// Reads a path.
pub(super) fn select(resource: &'static ResourceType, path: &str) -> Result<Selection, ScimError> {
    read(resource, path).map_err(|why| {
        ScimError::of(ScimType::InvalidPath, format!("The path is not valid: {why}"))
    })
}

fn read(resource: &'static ResourceType, path: &str) -> Result<Selection, String> {
    if path.len() > MAX_LENGTH {
        return Err(format!("it may have at most {MAX_LENGTH} bytes"));
    }
    let words = tokens(path)?;
    let (head, rest) = match words.split_first() {
        Some((Token::Word(head), rest)) => (head, rest),
        _ => return Err("an attribute is missing".to_owned()),
    };
    let target = resolve(resource, head)?;
    if rest.is_empty() {
        return Ok(Selection { target, filter: None });
    }
    let (inner, part) = match rest {
        [Token::Mark('['), inner @ .., Token::Mark(']')] => (inner, None),
        [Token::Mark('['), inner @ .., Token::Mark(']'), Token::Word(part)] => (inner, Some(part)),
        _ => return Err("after the attribute only a filter in brackets may follow".to_owned()),
    };
    let attribute = target
        .attribute
        .filter(|found| found.multi_valued && found.kind == Kind::Complex && target.sub.is_none())
        .ok_or_else(|| format!("{head:?} has no elements to select"))?;
    let filter = Some(parse_tokens(resource, attribute, inner)?);
    let sub = match part {
        None => None,
        Some(part) => {
            let name = part.strip_prefix('.').ok_or("a dot is missing after the bracket")?;
            let unknown = || format!("{} has no sub-attribute {name:?}", attribute.name);
            Some(attribute.sub(name).ok_or_else(unknown)?)
        }
    };
    Ok(Selection { target: Target { sub, ..target }, filter })
}

/// The element that a filter of equalities describes, for an operation that has to create it.
pub(super) fn described(filter: &Filter) -> Option<Object> {
    let mut parts = Object::new();
    for conjunct in filter.conjuncts() {
        let Filter::Compare(Compare { target, operator: Operator::Eq, value }) = conjunct else {
            return None;
        };
        let sub = target.attribute.filter(|sub| sub.is_writable())?;
        let json = match value {
            Literal::Text(text) => text.as_str().into(),
            Literal::Bool(is) => (*is).into(),
            Literal::Instant(_) | Literal::Null => return None,
        };
        let json = value::single(sub, &json).ok()??;
        parts.insert(sub.name.to_owned(), json);
    }
    Some(parts)
}
