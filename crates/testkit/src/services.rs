//! What the users context needs, in a test.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The platform's address as an issuer in tests.
pub const ISSUER: &str = "https://wealth.example";

/// The users context's own keys: one set for the whole run.
pub fn services() -> users::Services {
    services_with(Arc::new(users::mail::NoMailer))
}

/// The same with another way for mail to leave.
pub fn services_with(mailer: Arc<dyn users::mail::Mailer>) -> users::Services {
    services_of(own_keys(), mailer)
}

/// The services of a function that has its keys from `source`.
pub fn services_of(
    source: Arc<dyn users::keys::KeySource>,
    mailer: Arc<dyn users::mail::Mailer>,
) -> users::Services {
    users::Services::new(parts(source, mailer))
}

/// Services that compare with these directories.
pub fn services_comparing(directories: Arc<dyn users::reconcile::Directories>) -> users::Services {
    let parts = parts(own_keys(), Arc::new(users::mail::NoMailer));
    users::Services::new(users::Parts { directories, ..parts })
}

/// Services that hold answers back which must not tell by their time.
pub(crate) fn services_holding_back(
    mailer: Arc<dyn users::mail::Mailer>,
    time: Duration,
) -> users::Services {
    let mut parts = parts(own_keys(), mailer);
    parts.settings.answer_after = time;
    users::Services::new(parts)
}

fn own_keys() -> Arc<dyn users::keys::KeySource> {
    static KEYS: OnceLock<String> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        users::keys::Keys::generate().expect("keys").to_json().expect("their text")
    });
    Arc::new(users::keys::StaticKeys(keys.clone()))
}

fn parts(
    source: Arc<dyn users::keys::KeySource>,
    mailer: Arc<dyn users::mail::Mailer>,
) -> users::Parts {
    users::Parts {
        settings: users::Settings {
            issuer: ISSUER.to_owned(),
            app_url: "https://app.example".to_owned(),
            // Most tests do not ask for the time of an answer, and should not wait for it.
            answer_after: Duration::ZERO,
        },
        keys: users::keys::KeyStore::new(source),
        passwords: users::passwords::Passwords::new(users::passwords::Scheme::default()),
        mailer,
        ceremonies: users::Ceremonies::of_issuer(ISSUER).expect("a relying party"),
        directories: Arc::new(users::reconcile::NoDirectories),
    }
}
