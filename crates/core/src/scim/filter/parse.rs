//! From text to a typed filter. Recursive descent over tokens; depth, length and number of terms
//! are bounded, because anyone with a token can send a filter.

use chrono::{DateTime, Utc};

use super::{Compare, Filter, Literal, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, Operator};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::lexer::{Token, tokens};
use crate::scim::path::{Target, resolve};
use crate::scim::schema::{Attribute, Kind, ResourceType, Returned};

/// Reads a filter on a kind of resource.
///
/// # Errors
/// `invalidFilter`, with the place or the attribute at fault.
pub fn parse(resource: &'static ResourceType, text: &str) -> Result<Filter, ScimError> {
    Parser::run(resource, text, false)
}

/// Reads a filter that was meant for several kinds of resources: an attribute that this kind does
/// not have counts as one without value (RFC 7644 section 3.4.2.1).
///
/// # Errors
/// `invalidFilter`.
pub fn parse_lenient(resource: &'static ResourceType, text: &str) -> Result<Filter, ScimError> {
    Parser::run(resource, text, true)
}

/// Reads the filter in the brackets of a PATCH path.
pub(in crate::scim) fn parse_tokens(
    resource: &'static ResourceType,
    of: &'static Attribute,
    tokens: &[Token],
) -> Result<Filter, String> {
    let mut parser = Parser { resource, of: Some(of), tokens, depth: 0, terms: 0, lenient: false };
    let filter = parser.or()?;
    parser.end()?;
    Ok(filter)
}

struct Parser<'a> {
    resource: &'static ResourceType,
    /// Inside brackets: the attribute whose parts are compared.
    of: Option<&'static Attribute>,
    tokens: &'a [Token],
    depth: usize,
    terms: usize,
    lenient: bool,
}

impl Parser<'_> {
    fn run(
        resource: &'static ResourceType,
        text: &str,
        lenient: bool,
    ) -> Result<Filter, ScimError> {
        let fail = |detail: String| {
            ScimError::of(ScimType::InvalidFilter, format!("The filter is not valid: {detail}"))
        };
        if text.len() > MAX_LENGTH {
            return Err(fail(format!("it may have at most {MAX_LENGTH} bytes")));
        }
        let tokens = tokens(text).map_err(fail)?;
        let mut parser =
            Parser { resource, of: None, tokens: &tokens, depth: 0, terms: 0, lenient };
        let filter = parser.or().map_err(fail)?;
        parser.end().map_err(fail)?;
        Ok(filter)
    }

    fn or(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.and()?];
        while self.takes_word("or") {
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn and(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.term()?];
        while self.takes_word("and") {
            parts.push(self.term()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn term(&mut self) -> Result<Filter, String> {
        if self.takes_mark('(') {
            return self.nested(')', Self::or);
        }
        let negates = matches!(self.tokens, [Token::Word(word), Token::Mark('('), ..]
            if word.eq_ignore_ascii_case("not"));
        if negates {
            self.tokens = self.tokens.get(2..).unwrap_or_default();
            return Ok(Filter::Not(Box::new(self.nested(')', Self::or)?)));
        }
        self.terms = self.terms.saturating_add(1);
        if self.terms > MAX_TERMS {
            return Err(format!("it may have at most {MAX_TERMS} comparisons"));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Filter, String> {
        let path = self.word("an attribute")?;
        let target = match self.resolve(&path) {
            Ok(target) => Some(target),
            Err(_) if self.lenient => None,
            Err(why) => return Err(why),
        };
        if self.of.is_none() && self.takes_mark('[') {
            return self.element(target, &path);
        }
        let word = self.word("an operator")?;
        if word.eq_ignore_ascii_case("pr") {
            return target.map_or(Ok(Filter::Absent), |target| {
                visible(&target).map(|()| Filter::Present(target))
            });
        }
        let operator = operator(&word).ok_or_else(|| format!("there is no operator {word:?}"))?;
        let value = self.literal()?;
        target.map_or(Ok(Filter::Absent), |target| compare(target, operator, value))
    }

    /// `emails[type eq "work"]`, and Entra's `emails[type eq "work"].value eq "…"`, which the
    /// grammar lacks and which means that one element fulfils both.
    fn element(&mut self, target: Option<Target>, path: &str) -> Result<Filter, String> {
        let attribute = target.and_then(|target| target.attribute);
        let Some((target, attribute)) = target.zip(attribute) else {
            return Err(format!("{path:?} has no elements to select"));
        };
        if attribute.kind != Kind::Complex || target.sub.is_some() {
            return Err(format!("{path:?} has no elements to select"));
        }
        self.of = Some(attribute);
        let inner = self.nested(']', Self::or);
        let further = matches!(self.tokens, [Token::Word(word), ..] if word.starts_with('.'));
        let inner = match (inner, further) {
            (Ok(inner), true) => self.comparison().map(|also| Filter::And(vec![inner, also])),
            (inner, _) => inner,
        };
        self.of = None;
        Ok(Filter::Element(target, Box::new(inner?)))
    }

    fn nested(
        &mut self,
        closing: char,
        inner: fn(&mut Self) -> Result<Filter, String>,
    ) -> Result<Filter, String> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(format!("it may be nested at most {MAX_DEPTH} deep"));
        }
        let filter = inner(self)?;
        if !self.takes_mark(closing) {
            return Err(format!("a {closing:?} is missing"));
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(filter)
    }

    fn resolve(&self, path: &str) -> Result<Target, String> {
        let Some(of) = self.of else { return resolve(self.resource, path) };
        let name = path.strip_prefix('.').unwrap_or(path);
        let part =
            of.sub(name).ok_or_else(|| format!("{} has no sub-attribute {name:?}", of.name))?;
        Ok(Target { extension: None, attribute: Some(part), sub: None })
    }

    fn literal(&mut self) -> Result<Token, String> {
        let (first, rest) = self.tokens.split_first().ok_or("a value is missing")?;
        self.tokens = rest;
        match first {
            Token::Mark(mark) => Err(format!("a value is expected, not {mark:?}")),
            value => Ok(value.clone()),
        }
    }

    fn word(&mut self, wanted: &str) -> Result<String, String> {
        match self.tokens.split_first() {
            Some((Token::Word(word), rest)) => {
                self.tokens = rest;
                Ok(word.clone())
            }
            _ => Err(format!("{wanted} is missing")),
        }
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let takes =
            matches!(self.tokens, [Token::Word(word), ..] if word.eq_ignore_ascii_case(wanted));
        if takes {
            self.tokens = self.tokens.get(1..).unwrap_or_default();
        }
        takes
    }

    fn takes_mark(&mut self, wanted: char) -> bool {
        let takes = matches!(self.tokens, [Token::Mark(mark), ..] if *mark == wanted);
        if takes {
            self.tokens = self.tokens.get(1..).unwrap_or_default();
        }
        takes
    }

    fn end(&self) -> Result<(), String> {
        if self.tokens.is_empty() { Ok(()) } else { Err("something follows its end".to_owned()) }
    }
}

fn operator(word: &str) -> Option<Operator> {
    Some(match word.to_ascii_lowercase().as_str() {
        "eq" => Operator::Eq,
        "ne" => Operator::Ne,
        "co" => Operator::Co,
        "sw" => Operator::Sw,
        "ew" => Operator::Ew,
        "gt" => Operator::Gt,
        "ge" => Operator::Ge,
        "lt" => Operator::Lt,
        "le" => Operator::Le,
        _ => return None,
    })
}

/// What is never shown may not be found out by asking (RFC 7644 section 7.5.2).
fn visible(target: &Target) -> Result<(), String> {
    match target.leaf() {
        Some(leaf) if leaf.returned != Returned::Never => Ok(()),
        Some(leaf) => Err(format!("{} cannot be compared", leaf.name)),
        None => Err("a schema alone cannot be compared".to_owned()),
    }
}

fn compare(target: Target, operator: Operator, value: Token) -> Result<Filter, String> {
    visible(&target)?;
    let target = target
        .comparable()
        .ok_or_else(|| format!("{} has parts; name the one to compare", target.name()))?;
    let kind = target.leaf().map_or(Kind::String, |leaf| leaf.kind);
    let value =
        typed(kind, value).ok_or_else(|| format!("the value does not fit {}", target.name()))?;
    let equality = matches!(operator, Operator::Eq | Operator::Ne);
    let part = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
    let fits = match (&value, kind) {
        (Literal::Text(_), Kind::Binary) => equality,
        (Literal::Text(_), _) => true,
        (Literal::Instant(_), _) => !part,
        (Literal::Bool(_) | Literal::Null, _) => equality,
    };
    if !fits {
        return Err(format!("{} cannot be compared in this way", target.name()));
    }
    Ok(Filter::Compare(Compare { target, operator, value }))
}

/// The value as the attribute's type. Entra writes booleans as strings.
fn typed(kind: Kind, value: Token) -> Option<Literal> {
    let text = match value {
        Token::Word(word) if word.eq_ignore_ascii_case("null") => return Some(Literal::Null),
        Token::Word(word) if kind == Kind::Boolean => word,
        Token::Text(text) => text,
        _ => return None,
    };
    match kind {
        Kind::Boolean => crate::scim::value::boolean(&text).map(Literal::Bool),
        Kind::DateTime => {
            let at = DateTime::parse_from_rfc3339(&text).ok()?;
            Some(Literal::Instant(at.with_timezone(&Utc)))
        }
        Kind::Integer | Kind::Complex => None,
        Kind::String | Kind::Text | Kind::Secret | Kind::Binary | Kind::Reference => {
            Some(Literal::Text(text))
        }
    }
}
