//! Keeps what tokens tell: the roles that their groups give, from when to when, and who somebody is
//! whom the directory has provisioned (docs/adr/0014).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::{DateTime, TimeDelta, Utc};
use wealth_db::{Db, p, sql};

use super::error::{AuthError, Unavailable};
use super::memory::{Memory, sha256};
use super::verified::VerifiedToken;
use crate::visitor::Visitor;

/// How long a process takes for kept what it has kept.
const TRUST: TimeDelta = TimeDelta::minutes(15);

/// The people whose tokens this process has met, with what those last said. One per process: an
/// ordinary request finds its token's word here and asks nobody.
pub struct Met(Memory<Said>);

/// What a person's latest token said.
#[derive(Clone, Copy)]
struct Said {
    issued_at: DateTime<Utc>,
    /// Of the groups, of the roles that they give by the mapping of now, and of the directory's id.
    content: u64,
}

impl Default for Met {
    fn default() -> Self {
        Self(Memory::trusting(TRUST))
    }
}

impl Met {
    /// Keeps what a verified token says, if that is news. One round trip then, none else; a token
    /// that was made before the last one says nothing any more.
    ///
    /// # Errors
    /// [`AuthError::Unavailable`] when the database cannot be asked.
    pub async fn tell(
        &self,
        db: &Db,
        token: &VerifiedToken,
        visitor: &Visitor,
    ) -> Result<(), AuthError> {
        let Some(told) = &token.told else { return Ok(()) };
        let (now, caller) = (visitor.now, visitor.describe("token_met"));
        let who = sha256(&format!("{}\n{}\n{}", token.tenant_id, token.issuer, token.subject));
        let mut hasher = DefaultHasher::new();
        (&told.groups, &token.roles, &told.directory_id).hash(&mut hasher);
        let said = Said { issued_at: told.issued_at, content: hasher.finish() };
        if let Some(last) = self.0.get(&who, now)
            && (said.issued_at < last.issued_at || said.content == last.content)
        {
            return Ok(());
        }
        let params = [
            p::uuid(&token.tenant_id),
            p::text(&token.issuer),
            p::text(&token.subject),
            p::text(&told.directory_id),
            p::texts(&told.groups),
            p::timestamptz(&told.issued_at),
            p::json(&caller),
        ];
        let rows = db.system_query(sql!("users", "meet_token"), &params, &visitor.meter).await;
        let rows = rows.map_err(|error| {
            tracing::warn!(%error, "the token's word was not kept");
            Unavailable::Told
        })?;
        // Nobody yet, perhaps somebody in a moment: not remembered.
        if rows.first().is_some_and(|row| row.get("known")) {
            self.0.remember(who, said, now + TRUST, now);
        }
        Ok(())
    }
}
