//! Choosing a new password for an account that exists.

use wealth_core::Password;
use wealth_core::violations::Violations;
use wealth_db::Row;
use wealth_http::Result;

use super::{Owner, Passwords};

/// A password on its way to becoming somebody's. `row` is one of `users.password_facts_of`.
pub(crate) struct NewPassword<'a> {
    pub(crate) row: &'a Row,
    pub(crate) password: &'a Password,
    pub(crate) pointer: &'a str,
}

impl NewPassword<'_> {
    /// Its hash, once it was found good enough and not one of those the person had.
    ///
    /// # Errors
    /// `validation_failed` at the pointer.
    pub(crate) async fn hash(&self, passwords: &Passwords) -> Result<String> {
        let email: &str = self.row.get("email");
        let (first, last): (Option<&str>, Option<&str>) =
            (self.row.get("first_name"), self.row.get("last_name"));
        let firms: Vec<&str> = self.row.get("firms");
        let owner = Owner {
            email,
            names: [first, last].into_iter().flatten().chain(firms).collect(),
            min_length: self.row.get("min_length"),
        };
        let mut found = Violations::new();
        passwords.judge(self.password, &owner, self.pointer, &mut found);
        found.into_result(())?;
        if passwords.find(self.password, self.row.get("hashes")).await?.is_some() {
            let text = "is one that you had before; choose another";
            return Err(Violations::one(self.pointer, "reused", text).into());
        }
        passwords.hash(self.password).await
    }
}
