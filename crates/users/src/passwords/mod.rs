//! Hashing and checking passwords, a few at a time and away from the threads that serve.

mod new;
mod scheme;

use std::sync::Arc;

use tokio::sync::Semaphore;
use wealth_core::Password;
use wealth_core::password::Rules;
use wealth_core::violations::Violations;
use wealth_http::{Problem, Result};

pub(crate) use new::NewPassword;
pub use scheme::Scheme;

/// Hashes under way at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// A word that is in the name of everything here.
const PRODUCT: &str = "wealth";

/// Makes and checks hashes.
pub struct Passwords {
    scheme: Scheme,
    permits: Arc<Semaphore>,
}

/// What the database says for the check of a password.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The person's hash; none for an unknown address.
    pub(crate) hash: Option<String>,
    /// Whether anybody has an argon2id hash.
    pub(crate) argon2: bool,
    /// The highest cost of the bcrypt hashes that anybody has.
    pub(crate) bcrypt: Option<u32>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checked {
    /// The password is right.
    pub(crate) proven: bool,
    /// A hash by the configured scheme that should take the place of the present one.
    pub(crate) rehash: Option<String>,
}

/// Whom a new password is for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owner<'a> {
    /// The person's address.
    pub(crate) email: &'a str,
    /// Names, firms.
    pub(crate) names: Vec<&'a str>,
    /// Fewest characters that the person's firms ask for.
    pub(crate) min_length: i32,
}

impl Passwords {
    /// New hashes are made by `scheme`.
    pub fn new(scheme: Scheme) -> Self {
        Self { scheme, permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Notes why `password` may not be the new one of this person.
    pub(crate) fn judge(
        &self,
        password: &Password,
        owner: &Owner<'_>,
        pointer: &str,
        violations: &mut Violations,
    ) {
        let (local, domain) = owner.email.split_once('@').unwrap_or((owner.email, ""));
        let domain = domain.split('.').next().unwrap_or_default();
        let mut about = vec![PRODUCT, local, domain];
        about.extend(&owner.names);
        let min_length = usize::try_from(owner.min_length).unwrap_or_default();
        let rules = Rules { min_length, max_bytes: self.scheme.max_bytes(), about };
        rules.judge(password, pointer, violations);
    }

    /// A hash of `password` by the configured scheme.
    ///
    /// # Errors
    /// `internal_error`; a password that is too long for the scheme was refused by `judge`.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let (scheme, password) = (self.scheme, password.clone());
        let hash = self.work(move || scheme.hash(password.as_bytes())).await?;
        hash.ok_or_else(|| Problem::internal("a password could not be hashed"))
    }

    /// Checks a password that is claimed to be somebody's. A check that fails costs the same for
    /// everybody, whatever scheme the person's hash is of and whether there is a person at all.
    pub(crate) async fn check(&self, password: &Password, known: &Known) -> Result<Checked> {
        let plan = plan(self.scheme, known);
        let (real, scheme) = (known.hash.clone(), self.scheme);
        let password = password.clone();
        self.work(move || {
            let proven = real.as_deref().is_some_and(|hash| scheme::verify(hash, &password));
            if proven {
                let current = real.as_deref().and_then(Scheme::of) == Some(scheme);
                let rehash = if current { None } else { scheme.hash(password.as_bytes()) };
                return Checked { proven, rehash };
            }
            for scheme in plan {
                scheme::verify(&scheme.nobodys_hash(), &password);
            }
            Checked::default()
        })
        .await
    }

    /// Whether the password is that of any of these hashes, and of which.
    pub(crate) async fn find(
        &self,
        password: &Password,
        hashes: Vec<String>,
    ) -> Result<Option<usize>> {
        let password = password.clone();
        self.work(move || hashes.iter().position(|hash| scheme::verify(hash, &password))).await
    }

    /// Runs work for a processor on a thread that may be busy.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let fault = |error: String| Problem::internal(error);
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|error| fault(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop(permit);
            answer
        });
        done.await.map_err(|error| fault(error.to_string()))
    }
}

/// What else must be computed when the check of the person's own hash has failed, so that every
/// failure computes one of each scheme that is in use.
fn plan(configured: Scheme, known: &Known) -> Vec<Scheme> {
    let argon2 = match configured {
        Scheme::Argon2id { .. } => Some(configured),
        Scheme::Bcrypt { .. } => known.argon2.then(Scheme::default),
    };
    let bcrypt = match (configured, known.bcrypt) {
        (Scheme::Bcrypt { cost }, found) => {
            Some(Scheme::Bcrypt { cost: found.map_or(cost, |found| found.max(cost)) })
        }
        (Scheme::Argon2id { .. }, found) => found.map(|cost| Scheme::Bcrypt { cost }),
    };
    let own = known.hash.as_deref().and_then(Scheme::of);
    [argon2, bcrypt]
        .into_iter()
        .flatten()
        .filter(|scheme| own.is_none_or(|own| !own.is_like(*scheme)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wealth_core::Parse;

    /// All that a failed check computes.
    fn computed(configured: Scheme, known: &Known) -> Vec<Scheme> {
        let mut all = plan(configured, known);
        all.extend(known.hash.as_deref().and_then(Scheme::of));
        all.sort_by_key(|scheme| format!("{scheme:?}"));
        all
    }

    #[test]
    fn a_failure_computes_the_same_for_everybody() {
        let (argon2, bcrypt) = (Scheme::default(), Scheme::Bcrypt { cost: 12 });
        for configured in [argon2, bcrypt] {
            for (has_argon2, cost) in
                [(false, None), (true, None), (false, Some(12)), (true, Some(12))]
            {
                let mut seen: Vec<Vec<Scheme>> = Vec::new();
                let hashes = [
                    None,
                    has_argon2.then(|| argon2.nobodys_hash()),
                    cost.map(|_| bcrypt.nobodys_hash()),
                ];
                for hash in [
                    &hashes[..1],
                    &hashes[1..].iter().filter(|h| h.is_some()).cloned().collect::<Vec<_>>(),
                ]
                .concat()
                {
                    let known = Known { hash, argon2: has_argon2, bcrypt: cost };
                    seen.push(computed(configured, &known));
                }
                seen.dedup();
                assert_eq!(seen.len(), 1, "{configured:?} {has_argon2} {cost:?}: {seen:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_hash_of_another_scheme_is_replaced_when_it_is_right() {
        let passwords = Passwords::new(Scheme::default());
        let password = Password::parse("correct horse battery").unwrap();
        let old = Scheme::Bcrypt { cost: 10 }.hash(password.as_bytes()).unwrap();
        let known = Known { hash: Some(old), argon2: false, bcrypt: Some(10) };
        let checked = passwords.check(&password, &known).await.unwrap();
        let new = checked.rehash.unwrap();
        assert_eq!(Scheme::of(&new), Some(Scheme::default()));
        let known = Known { hash: Some(new), argon2: true, bcrypt: None };
        let again = passwords.check(&password, &known).await.unwrap();
        assert_eq!(again, Checked { proven: true, rehash: None });
        let wrong = Password::parse("correct horse batterx").unwrap();
        assert_eq!(passwords.check(&wrong, &known).await.unwrap(), Checked::default());
        assert_eq!(
            passwords.check(&password, &Known::default()).await.unwrap(),
            Checked::default()
        );
    }
}
