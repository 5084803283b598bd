//! Sessions of the platform's own issuer.

use testkit::{Client, Firm, TestApp};
use uuid::Uuid;

/// The user id of a person of the seed (`01` admin, `03` system-admin, `04` sales-rep, …).
pub(crate) fn user(firm: Firm, number: u8) -> Uuid {
    let letter = match firm {
        Firm::Meridian => 0xa,
        Firm::Harbour => 0xb,
    };
    let tail = (letter << 8) | u128::from(number / 10 * 16 + number % 10);
    Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0000 | tail)
}

/// A session opened as a sign-in opens it, without the proof of who it is.
pub(crate) async fn session(app: &TestApp, firm: Firm, number: u8) -> users::tokens::TokenAnswer {
    app.open_session(firm, user(firm, number), 1).await
}

/// A client with the session's access token.
pub(crate) async fn signed_in(app: &TestApp, firm: Firm, number: u8) -> Client {
    app.with_token(&session(app, firm, number).await.access_token)
}
