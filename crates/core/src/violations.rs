//! What is wrong with an input, field by field, all at once.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

/// One bad field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where it is: a JSON pointer (RFC 6901) into the request body, such as `/states/2`.
    #[schema(example = "/minimum_investment")]
    pub pointer: String,
    /// Stable, machine-readable reason, such as `required` or `out_of_range`.
    #[schema(value_type = String, example = "out_of_range")]
    pub code: Cow<'static, str>,
    /// What a person should read. Never repeats the offending value: it may be a secret.
    pub message: String,
}

/// Collects every bad field of one input before it answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Violations(pub Vec<FieldError>);

impl Violations {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one bad field.
    pub fn add(
        &mut self,
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) {
        self.0.push(FieldError {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
        });
    }

    /// Just one, for callers that stop at the first.
    pub fn one(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        let mut violations = Self::new();
        violations.add(pointer, code, message);
        violations
    }

    /// Takes over the findings about a nested value, under `prefix`.
    pub fn nest(&mut self, prefix: &str, inner: Self) {
        self.0.extend(
            inner
                .0
                .into_iter()
                .map(|e| FieldError { pointer: format!("{prefix}{}", e.pointer), ..e }),
        );
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` if nothing was found.
    ///
    /// # Errors
    /// Everything that was found.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl std::fmt::Display for Violations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", error.pointer, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Escapes one member name for a JSON pointer (RFC 6901 section 3).
pub fn pointer_token(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        Cow::Owned(name.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_findings_keep_their_place() {
        let mut outer = Violations::new();
        outer.nest("/annuity_terms", Violations::one("/free", "required", "is required"));
        assert_eq!(outer.0[0].pointer, "/annuity_terms/free");
        assert_eq!(outer.to_string(), "/annuity_terms/free: is required");
        assert!(outer.into_result(()).is_err());
    }

    #[test]
    fn member_names_are_escaped() {
        assert_eq!(pointer_token("a/b~c"), "a~1b~0c");
        assert_eq!(pointer_token("plain"), "plain");
    }
}
