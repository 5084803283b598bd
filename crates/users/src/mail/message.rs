//! What the mails say. Plain text: nothing in them can be made to look like something else.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id in the queue, which stays the same when it is sent again.
    pub id: Uuid,
    /// When it is sent.
    pub date: DateTime<Utc>,
    /// The recipient's address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Lines that end in `\n`.
    pub body: String,
}

/// Subject and body of a kind of mail; none for a kind that there is not. `facts`: the firm's name
/// and the person's. `token` goes into the fragment of the link, which no server and no log sees.
pub(super) fn text(
    kind: &str,
    facts: &Value,
    app_url: &str,
    token: Option<&str>,
) -> Option<(String, String)> {
    let firm = one_line(facts["firm"].as_str().unwrap_or("your firm's platform"));
    let hello = match facts["name"].as_str().map(one_line) {
        Some(name) if !name.is_empty() => format!("Hello {name},"),
        _ => "Hello,".to_owned(),
    };
    let link = |page: &str| Some(format!("{app_url}/{page}#token={}", token?));
    let (subject, text) = match kind {
        "verify_email" => {
            let link = link("verify-email")?;
            (
                format!("Verify your address for {firm}"),
                format!(
                    "somebody, you we hope, has registered this address with {firm}. Open this link \
                     within a day\nand enter the password that was chosen then:\n\n{link}\n\nIf it was \
                     not you, do nothing: without the password the link has no effect."
                ),
            )
        }
        "invitation" => {
            let link = link("accept-invitation")?;
            let inviter = one_line(facts["inviter"].as_str().unwrap_or("An administrator"));
            let message = facts["message"].as_str().map(quoted).unwrap_or_default();
            (
                format!("{firm} invites you"),
                format!(
                    "{inviter} invites you to work with {firm}. Open this link within a week to accept:\n\n\
                     {link}\n\n{message}If you expect nothing from {firm}, do nothing: without the link nobody \
                     can accept for you."
                ),
            )
        }
        "already_registered" => (
            format!("You have an account already ({firm})"),
            format!(
                "somebody, you we hope, has tried to register this address with {firm}. It has an \
                 account already,\nand nothing has changed. Sign in as usual:\n\n{app_url}/sign-in\n\n\
                 If you do not know your password any more, have a link sent to you:\n\n\
                 {app_url}/recover"
            ),
        ),
        "recover" => {
            let link = link("recover")?;
            (
                "Choose a new password".to_owned(),
                format!(
                    "somebody, you we hope, cannot sign in to your account any more. Open this link \
                     within an hour\nto choose a new password:\n\n{link}\n\nIf it was not you, do \
                     nothing: your password stays as it is."
                ),
            )
        }
        "password_changed" => (
            "Your password was changed".to_owned(),
            format!(
                "the password of your account was changed just now, and you were signed out elsewhere.\n\n\
                 If it was not you, choose a new one at once and tell your firm:\n\n{app_url}/recover"
            ),
        ),
        _ => return None,
    };
    Some((subject, format!("{hello}\n\n{text}\n")))
}

/// What somebody wrote, marked as theirs in every line: it cannot pass for a text of ours.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("> {}\n", clean(line))).collect();
    format!("They write:\n\n{}\n", lines.concat())
}

fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A name cannot start a new header or line.
fn one_line(text: &str) -> String {
    clean(text).chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_has_a_text_and_links_need_their_token() {
        for kind in
            ["verify_email", "already_registered", "recover", "password_changed", "invitation"]
        {
            let facts = json!({"firm": "Meridian", "name": "Ada"});
            let (subject, body) = text(kind, &facts, "https://app.example", Some("TOKEN")).unwrap();
            assert!(body.starts_with("Hello Ada,\n\n") && body.ends_with('\n'), "{body}");
            assert!(!subject.is_empty() && body.len() < 1_000);
            let linked = body.contains("#token=TOKEN\n");
            assert_eq!(linked, text(kind, &facts, "https://app.example", None).is_none(), "{kind}");
        }
        assert_eq!(text("void", &json!({}), "https://app.example", None), None);
    }

    #[test]
    fn what_an_inviter_writes_is_marked_in_every_line() {
        let facts = json!({"firm": "Meridian", "inviter": "Ada\nByron", "message": "Hi\r\n\nOpen https://x"});
        let (_, body) = text("invitation", &facts, "https://a", Some("TOKEN")).unwrap();
        assert!(body.contains("Ada Byron invites you to work with Meridian."), "{body}");
        assert!(body.contains("They write:\n\n> Hi\n> \n> Open https://x\n\nIf you"), "{body}");
        let (_, plain) = text("invitation", &json!({}), "https://a", Some("TOKEN")).unwrap();
        assert!(!plain.contains('>') && plain.contains("An administrator invites you"), "{plain}");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_line() {
        let facts = json!({"firm": "Evil\r\nBcc: x@y.test", "name": "A\nB"});
        let (subject, body) = text("already_registered", &facts, "https://a", None).unwrap();
        assert!(!subject.contains(['\r', '\n']), "{subject}");
        assert!(body.starts_with("Hello A B,"));
    }
}
