//! The registry of field codes: what `errors[].code` of a problem says of one field. A field may
//! also carry the code of its problem, such as `duplicate`. A code, once published, keeps its
//! meaning.

/// One way in which a field can be wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldCode {
    /// Stable name, snake case.
    pub code: &'static str,
    /// Short text of the kind, the same for every occurrence.
    pub title: &'static str,
    /// What it means and what the caller should do about it.
    pub meaning: &'static str,
}

impl FieldCode {
    /// Finds a code by its name, as the database reports it.
    pub fn find(code: &str) -> Option<&'static Self> {
        ALL.iter().find(|known| known.code == code)
    }
}

const fn field(code: &'static str, title: &'static str, meaning: &'static str) -> FieldCode {
    FieldCode { code, title, meaning }
}

/// Every field code, in the order of the documentation.
pub static ALL: &[FieldCode] = &[
    field("required", "Missing", "The field must be given, and not be empty."),
    field(
        "unknown_field",
        "Not a field of this",
        "There is no such field here, or it cannot be set here. Check its spelling, or leave it out.",
    ),
    field(
        "wrong_type",
        "Wrong JSON type",
        "The value has another JSON type than the schema says; decimals travel as strings.",
    ),
    field(
        "unknown_value",
        "Not one of the values",
        "The value is not one of those that the schema lists.",
    ),
    field(
        "out_of_range",
        "Out of range",
        "The value lies outside the limits that the message states.",
    ),
    field(
        "address_refused",
        "Not an address that is called",
        "The address must be public and start with https://.",
    ),
    field(
        "email_invalid",
        "Not an e-mail address",
        "The text is no address that mail can be sent to (RFC 5321).",
    ),
    field(
        "in_the_past",
        "In the past",
        "The instant lies in the past, of which nothing is said anew.",
    ),
    field(
        "hash_invalid",
        "Not a hash that can be taken over",
        "The text is no hash by bcrypt (cost 10 to 14) or argon2id whose parameters are within bounds.",
    ),
    field("invalid", "Not valid", "The value breaks a rule that the message states."),
    field(
        "issuer_not_own",
        "Not an issuer of the firm's own",
        "Only what one firm alone trusts can be linked by its administrator.",
    ),
    field(
        "language_invalid",
        "Not a language tag",
        "The text is no language tag (BCP 47), such as en or de-AT.",
    ),
    field(
        "passkey_refused",
        "The passkey is not accepted",
        "The authenticator's answer does not fit the challenge, the site or the person. Start again.",
    ),
    field(
        "phone_invalid",
        "Not a telephone number",
        "The number must be in E.164 form, such as +442071838750.",
    ),
    field("reused", "Used before", "The password was used before. Choose another."),
    field("storage_key_invalid", "Not a storage key", "The text is no key of a stored object."),
    field(
        "time_zone_invalid",
        "Not a time zone",
        "The text is no name of the IANA time zone database, such as Europe/Vienna.",
    ),
    field(
        "token_refused",
        "The token is not accepted",
        "The token is not of the issuer that was named, or no longer good.",
    ),
    field(
        "too_common",
        "Too common",
        "The password is on the list of those that are tried first. Choose another.",
    ),
    field("too_short", "Too short", "The text has fewer characters than the message asks for."),
    field(
        "unknown_role",
        "No such role",
        "There is no role of this name; the catalogue of roles lists them.",
    ),
    field(
        "wrong_code",
        "The code is wrong",
        "The code is wrong, was used before, or has expired. Wait for the next one.",
    ),
    field(
        "wrong_format",
        "Another form is needed",
        "The text does not have the form that the message states.",
    ),
    field("wrong_password", "The password is wrong", "The present password is another one."),
    field("too_long", "Too long", "The text has more characters than the message allows."),
    field("too_many", "Too many", "The list has more entries than the message allows."),
    field(
        "not_contiguous",
        "A gap between steps",
        "The steps have to follow one another without a gap and without an overlap.",
    ),
    field(
        "no_result",
        "No result",
        "The figures given lead to no result, such as a yield beyond all limits. Check them.",
    ),
    field(
        "too_precise",
        "Too many decimals",
        "The value has more decimals than are kept. Nothing is ever rounded: send it with fewer.",
    ),
    field(
        "character_refused",
        "Character refused",
        "The text has a character that is not taken, such as a control character.",
    ),
    field(
        "utf8_invalid",
        "Not UTF-8",
        "The bytes of the cell are not UTF-8. Save the file in that encoding.",
    ),
    field(
        "not_applicable",
        "Does not apply",
        "The field does not go with the others, such as the kind of product. Leave it out.",
    ),
    field(
        "conflict",
        "Contradicts another field",
        "The field and another one exclude each other. Send one of them.",
    ),
    field(
        "duplicate_in_file",
        "Twice in this file",
        "The same key stands in the file more than once. Keep one of the rows.",
    ),
    field(
        "reason_required",
        "A reason is required",
        "A correction of the past is shown to auditors, so it has to say why.",
    ),
    field(
        "date_invalid",
        "Not a date",
        "A date is written YYYY-MM-DD (ISO 8601) and must exist in the calendar.",
    ),
    field(
        "date_range_invalid",
        "The dates are out of order",
        "The end lies before the start, or further from it than the message allows.",
    ),
    field(
        "timestamp_invalid",
        "Not an instant",
        "An instant is written as in RFC 3339, with its offset.",
    ),
    field(
        "decimal_invalid",
        "Not a decimal",
        "A decimal is written with digits and at most one point, without separators or exponent.",
    ),
    field("number_invalid", "Not a whole number", "A whole number is written with digits only."),
    field("flag_invalid", "Not a yes or no", "A flag is written as true or false."),
    field("id_invalid", "Not an id", "An id is a UUID in its usual form with hyphens."),
    field(
        "isin_invalid",
        "Not a valid ISIN",
        "An ISIN has twelve characters, the last of which is a check digit (ISO 6166).",
    ),
    field(
        "isin_mismatch",
        "The ISIN is of another security",
        "The ISIN holds another CUSIP than the one given. One of the two is wrong.",
    ),
    field(
        "currency_unknown",
        "Not a currency",
        "A currency is one of the codes of ISO 4217 that are in use.",
    ),
    field(
        "state_unknown",
        "Not a state",
        "A state is a code of ISO 3166-2:US without the country, such as NY.",
    ),
    field(
        "step_invalid",
        "Not a schedule step",
        "A step of a schedule is written as the column's description says.",
    ),
    field(
        "band_invalid",
        "Not a premium band",
        "A premium band is written as the column's description says.",
    ),
    field(
        "source_invalid",
        "Not a name of a source",
        "The name of a rate feed has the form that the message states, and is not reserved.",
    ),
    field(
        "no_rate",
        "No rate on that day",
        "The product has no rate in force on the day that is asked for.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case_and_explained() {
        let mut seen = std::collections::HashSet::new();
        for code in ALL {
            assert!(seen.insert(code.code), "{} twice", code.code);
            assert!(
                code.code
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
            );
            assert!(code.meaning.ends_with('.') && code.meaning.len() > 30, "{}", code.code);
            assert!(crate::problem::Code::find(code.code).is_none(), "{} is a problem", code.code);
        }
    }
}
