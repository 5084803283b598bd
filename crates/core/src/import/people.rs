//! Rows of people whom a firm brings along from another system.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::columns::{Kind, flag, read_json};
use crate::email::Email;
use crate::parse::{Checked, ParseError};
use crate::password::PasswordHash;
use crate::text::{self, Rule};
use crate::violations::Violations;

/// Most roles of one person.
const MOST: usize = 20;
const NAME: Rule = Rule { min: 1, max: 100, multiline: false };
const CODE: Rule = Rule { min: 1, max: 64, multiline: false };

/// Rows of people. An address or a legacy id that a row before had makes a row bad: which of the two
/// is meant nobody could say.
#[derive(Debug, Default)]
pub struct People {
    emails: HashSet<String>,
    legacy_ids: HashSet<String>,
}

/// A person as a row has it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPerson {
    email: Checked<Email>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Names, with `;` between them.
    roles: Option<String>,
    password_hash: Checked<PasswordHash>,
    legacy_id: Option<String>,
    is_verified: Option<bool>,
}

/// A person to bring along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonRow {
    /// The address, canonical.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The roles in the firm.
    pub roles: Vec<String>,
    /// Text form of bcrypt or argon2id.
    pub hash: Secret,
    /// The id in the system where the person comes from.
    pub legacy_id: Option<String>,
    /// Whether that system has verified the address.
    pub is_verified: bool,
}

/// A hash on its way to the database. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Kind for People {
    type Value = PersonRow;
    type Draft = NewPerson;

    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("email", "/email"),
        ("first_name", "/first_name"),
        ("last_name", "/last_name"),
        ("roles", "/roles"),
        ("password_hash", "/password_hash"),
        ("legacy_id", "/legacy_id"),
        ("is_verified", "/is_verified"),
    ];

    const REQUIRED: &'static [&'static str] = &["email", "password_hash"];

    fn set(draft: &mut NewPerson, column: &'static str, text: &str) -> Result<(), ParseError> {
        match column {
            "email" => draft.email = Checked::from_text(text),
            "first_name" => draft.first_name = Some(text.to_owned()),
            "last_name" => draft.last_name = Some(text.to_owned()),
            "roles" => draft.roles = Some(text.to_owned()),
            "password_hash" => draft.password_hash = Checked::from_text(text),
            "legacy_id" => draft.legacy_id = Some(text.to_owned()),
            "is_verified" => draft.is_verified = Some(flag(text)?),
            _ => return Err(ParseError::new("unknown_field", "is not a column of people")),
        }
        Ok(())
    }

    fn from_json(text: &[u8]) -> Result<NewPerson, Violations> {
        read_json(text)
    }

    fn finish(&mut self, draft: NewPerson) -> Result<PersonRow, Violations> {
        let mut v = Violations::new();
        let email = draft.email.required("/email", &mut v);
        let hash = draft.password_hash.required("/password_hash", &mut v);
        let mut clean = |given: Option<String>, rule: Rule, pointer: &str| {
            given.and_then(|given| text::clean(&given, rule, pointer, &mut v))
        };
        let first_name = clean(draft.first_name, NAME, "/first_name");
        let last_name = clean(draft.last_name, NAME, "/last_name");
        let legacy_id = clean(draft.legacy_id, CODE, "/legacy_id");
        let roles = roles(draft.roles.as_deref().unwrap_or_default(), &mut v);
        let taken =
            |seen: &HashSet<String>, id: Option<&str>| id.is_some_and(|id| seen.contains(id));
        if taken(&self.emails, email.as_ref().map(Email::as_str)) {
            v.add("/email", "duplicate_in_file", "is the address of an earlier row");
        }
        if taken(&self.legacy_ids, legacy_id.as_deref()) {
            v.add("/legacy_id", "duplicate_in_file", "is the id of an earlier row");
        }
        let (Some(email), Some(hash)) = (email, hash) else { return Err(v) };
        self.emails.insert(email.as_str().to_owned());
        self.legacy_ids.extend(legacy_id.clone());
        v.into_result(PersonRow {
            email: email.as_str().to_owned(),
            first_name,
            last_name,
            roles,
            hash: Secret(hash.as_str().to_owned()),
            legacy_id,
            is_verified: draft.is_verified.unwrap_or(true),
        })
    }
}

/// Each role once.
fn roles(text: &str, v: &mut Violations) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for name in text.split(';').map(str::trim).filter(|name| !name.is_empty()) {
        if let Some(name) = text::clean(name, NAME, "/roles", v)
            && !roles.contains(&name)
        {
            roles.push(name);
        }
    }
    if roles.len() > MOST {
        v.add("/roles", "too_long", "may have at most 20 roles");
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::super::{Format, RowFailure, people};
    use super::*;

    const HASH: &str = "$2b$12$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm";

    fn read(text: &str) -> Vec<Result<PersonRow, Vec<String>>> {
        let rows = people(text.as_bytes(), Format::Csv).expect("a header");
        rows.map(|row| match row {
            Ok(row) => Ok(row.value),
            Err(RowFailure::Bad(errors)) => Err(errors
                .iter()
                .map(|e| format!("{} {} {}", e.line, e.column.as_deref().unwrap_or("-"), e.code))
                .collect()),
            Err(RowFailure::Io(error)) => Err(vec![error.to_string()]),
        })
        .collect()
    }

    #[test]
    fn a_person_is_read() {
        let text = format!(
            "Email,Password_Hash,Roles,First_Name,Last_Name,Legacy_ID,Is_Verified\n\
             \" Ada@People.test \",{HASH},Investor; SalesManager;Investor,Ada,Byron,clx0001,no\n\
             b@people.test,{HASH},,,,,\n"
        );
        let found = read(&text);
        let ada = found[0].as_ref().expect("Ada");
        assert_eq!(
            (ada.email.as_str(), ada.roles.as_slice(), ada.is_verified),
            ("ada@people.test", &["Investor".to_owned(), "SalesManager".to_owned()][..], false)
        );
        assert_eq!(
            (ada.legacy_id.as_deref(), ada.last_name.as_deref()),
            (Some("clx0001"), Some("Byron"))
        );
        let other = found[1].as_ref().expect("the other");
        assert_eq!((other.roles.len(), other.is_verified, &other.legacy_id), (0, true, &None));
        assert!(!format!("{ada:?}").contains("$2b$"), "{ada:?}");
    }

    #[test]
    fn every_bad_cell_is_named() {
        let text = format!(
            "email,password_hash,roles,legacy_id,is_verified\n\
             ada,$2b$04$x,,,maybe\n\
             a@people.test,{HASH},Investor,1,\n\
             A@people.test,{HASH},,1,\n\
             ,,,{},\n\
             c@people.test,{HASH}\n",
            "x".repeat(65)
        );
        let found = read(&text);
        assert_eq!(
            found[0].as_ref().expect_err("bad"),
            &[
                "2 is_verified flag_invalid",
                "2 email email_invalid",
                "2 password_hash hash_invalid"
            ]
        );
        assert!(found[1].is_ok());
        assert_eq!(
            found[2].as_ref().expect_err("bad"),
            &["4 email duplicate_in_file", "4 legacy_id duplicate_in_file"]
        );
        assert_eq!(
            found[3].as_ref().expect_err("bad"),
            &["5 email required", "5 password_hash required", "5 legacy_id too_long"]
        );
        assert_eq!(found[4].as_ref().expect_err("bad"), &["6 - field_count"]);
    }
}
