//! The password that a directory sets: judged by the firm's rules, kept as a hash, never shown.

use serde_json::Value;
use wealth_core::scim::{ScimError, ScimType};
use wealth_core::violations::Violations;
use wealth_core::{Parse, Password, problem};
use wealth_db::{Row, Sql, sql};
use wealth_http::{Problem, Result, Row404};

use super::directory::Directory;
use crate::passwords::Owner;

/// What a password for `$1` is judged by.
pub(crate) const FACTS: Sql = sql!("users", "scim_password_facts");

/// The hash of a new password for somebody whom the directory describes as `person`. None when it
/// is the present one: a request that is sent again changes nothing.
///
/// # Errors
/// `invalidValue` when the firm's rules do not allow it, `mutability` when the person is nobody
/// whom the firm keeps.
pub(crate) async fn hash(
    directory: &Directory,
    facts: Vec<Row>,
    person: &Value,
    password: &str,
) -> Result<Option<String>> {
    let facts = facts.one_or(&problem::NOT_FOUND)?;
    if !facts.get::<_, bool>("own") {
        let detail =
            "password of this user is the user's own: the firm's directory does not keep it";
        return Err(ScimError::of(ScimType::Mutability, detail).into());
    }
    let password = Password::parse(password).map_err(|error| refused(&error.message))?;
    let passwords = &directory.services.passwords;
    let found = passwords.find(&password, facts.get("hashes")).await?;
    if found == Some(0) {
        return Ok(None);
    }
    let text = |name: &str| person[name].as_str();
    let names = ["first_name", "last_name", "display_name"].into_iter().filter_map(text);
    let firm: &str = facts.get("firm");
    let owner = Owner {
        email: text("email").unwrap_or_default(),
        names: names.chain([firm]).collect(),
        min_length: facts.get("min_length"),
    };
    let mut violations = Violations::new();
    passwords.judge(&password, &owner, "/password", &mut violations);
    match violations.0.first() {
        Some(why) => Err(refused(&why.message)),
        None if found.is_some() => Err(refused("is one that the user had before")),
        None => Ok(Some(passwords.hash(&password).await?)),
    }
}

fn refused(why: &str) -> Problem {
    ScimError::value(format!("password {why}")).into()
}
