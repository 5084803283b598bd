//! What the checks of this crate let through, as OpenAPI schemas: the `value_type` of request
//! fields whose Rust type would let through more. A schema says what one field may be; what fields
//! must be together, and check digits, only the checks know.

/// A schema of texts: name, lengths, pattern, description and example.
macro_rules! shapes {
    ($($name:ident: $min:literal..=$max:literal, $pattern:expr, $about:literal, $example:literal;)+) => {$(
        #[doc = $about]
        #[derive(Debug)]
        pub enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some($min))
                    .max_length(Some($max))
                    .pattern(Some($pattern))
                    .description(Some($about))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

/// One line: no control characters, no marks that turn the direction of what follows.
const LINE: &str = r"^[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$";
/// The same with line breaks and tabs.
const LINES: &str =
    r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$";

shapes! {
    Name: 1..=255, LINE, "One line of 1 to 255 characters, not only spaces", "Harbor 12-Month CD";
    ShortText: 0..=255, LINE, "One line of up to 255 characters", "Harbor Bank";
    Description: 0..=10_000, LINES, "Text of up to 10,000 characters", "Five years guaranteed.";
    TermsText: 0..=200_000, LINES, "Text of up to 200,000 characters", "Guaranteed for five years.";
    Note: 1..=1_000, LINES, "Text of 1 to 1,000 characters, not only spaces", "New rate sheet";
    ExternalId: 1..=200, LINE, "One line of 1 to 200 characters, not only spaces", "sheet-2026-12-01";
    FeedSource: 1..=64, "^[a-z0-9][a-z0-9._-]*$", "Name of a rate feed in addresses; neither \
        `manual` nor `import`", "acme";
    Share: 1..=64, r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$", "Percentage of 0 to 100 as a \
        decimal string with at most 4 decimals; a JSON number is refused", "5.2500";
    NotNegativePercent: 1..=64, r"^[0-9]{1,4}(\.[0-9]{1,4})?$", "Percentage of 0 or more as a \
        decimal string with at most 4 decimals; a JSON number is refused", "5.2500";
}
