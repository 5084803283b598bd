//! The users function with every event of its own.

use serde_json::{Value, json};
use testkit::Firm;
use wealth_core::{Parse as _, Password};

use crate::answers::Session;
use crate::world::{World, answer, start};

/// A folder with the function's keys, its outgoing mail and the firms' directories.
pub(crate) struct Place(std::path::PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        let name = format!("wealth-users-{}", wealth_core::IdGen::next(&wealth_core::SystemIds));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).expect("a folder");
        let keys = users::keys::Keys::generate().expect("keys").to_json().expect("their text");
        std::fs::write(folder.join("keys.json"), keys).expect("a file");
        Self(folder)
    }

    pub(crate) fn of(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a path").to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder");
    }
}

/// Somebody who signs in with a password, and the firm's Cognito pool.
async fn scene(world: &World) {
    let password = Password::parse("harvest moon over the harbor").expect("a password");
    let hash = world.app.services.passwords.hash(&password).await.expect("a hash");
    let firm = Firm::Meridian.tenant_id();
    let account = json!({"email": "rosa.lind@people.example", "first_name": "Rosa",
        "last_name": "Lind", "hash": hash, "issuer": testkit::ISSUER, "verified_at": world.now});
    let pool = json!({"issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ex4mpleP1",
        "provider": "cognito", "audience": ["4example23456789abcdefghij"], "role_source": "claims",
        "jwks": testkit::issuer_keys(), "algorithms": ["EdDSA"],
        "group_roles": {"Leads": "SalesManager"}});
    world
        .app
        .execute(&format!(
            "insert into users.memberships (tenant_id, user_id)
             select '{firm}', users.create_local_account('{account}');
             select users.put_identity_provider('{firm}', '{pool}')"
        ))
        .await;
}

/// The token of the link in the one mail of the outbox.
fn mailed(outbox: &str) -> String {
    let mut mails = std::fs::read_dir(outbox).expect("the outbox");
    let mail = mails.next().expect("a mail").expect("a file");
    let text = std::fs::read_to_string(mail.path()).expect("its text");
    let (_, rest) = text.split_once("#token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")).to_owned()
}

#[tokio::test]
async fn the_users_function_answers_every_event() {
    let world = World::new().await;
    scene(&world).await;
    let place = Place::new();
    std::fs::create_dir(place.of("outbox")).expect("a folder");
    let function = world.function("users").await;
    let function = function
        .env("ISSUER_URL", testkit::ISSUER)
        .env("USERS_KEYS_FILE", place.of("keys.json"))
        .env("MAIL_OUTBOX", place.of("outbox"))
        .env("DIRECTORY_FOLDER", place.of("directories"));
    let mut session = Session::of(&world, "users", start(function).await).await;
    session.send("jwks").await;
    session.send("openid-configuration").await;
    let opened = session.send("sign-in").await;
    session.set("token", text(&opened, "refresh_token"));
    let renewed = session.send("refresh").await;
    session.set("token", text(&renewed, "access_token"));
    session.send("me").await;
    session.send("step-up").await;
    session.set("token", world.token("system-admin", "SystemAdministrator"));
    for name in ["invite", "scim-create-user", "scim-find-user", "okta-hook-verify"] {
        session.send(name).await;
    }
    for name in ["options", "unknown-route"] {
        session.send(name).await;
    }
    // Mail leaves by the clock.
    let jobs = start(crate::jobs::function(&world, &place).await).await;
    answer(&jobs, &world.event("jobs/send-mail", &[]).await).await;
    session.set("token", mailed(&place.of("outbox")));
    session.send("accept-invitation").await;
    for name in ["post-confirmation", "forgot-password", "token-v1", "token-v2"] {
        session.happen(&format!("cognito-{name}")).await;
    }
    for name in ["malformed", "foreign"] {
        session.refuse(name).await;
    }
    session.finish(&[]);
}
