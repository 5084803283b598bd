//! PUT /v1/users/me/security-questions

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Parse, ParseError, Password, problem, text};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Person, Problem, Result, Row404, no_content};

use super::password::{facts, not_yours, prove};
use crate::auth::seen;
use crate::services::Services;

/// Most questions of a person.
pub(crate) const MOST: usize = 10;
/// Fewest: one alone is a name that an acquaintance knows.
const FEWEST: usize = 3;

/// An answer without regard to case, width and spaces: people do not remember those.
#[derive(Debug)]
pub(crate) struct Answer(Password);

impl Answer {
    /// It is hashed like a password.
    pub(crate) fn into_password(self) -> Password {
        self.0
    }
}

impl Parse for Answer {
    fn parse(text: &str) -> Result<Self, ParseError> {
        let bounded = Password::parse(text)?;
        let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let words: Vec<&str> = folded.split_whitespace().collect();
        let long = bounded.chars() <= 255;
        let answer = long.then(|| Password::parse(&words.join(" "))).transpose()?;
        let answer =
            answer.ok_or(ParseError::new("too_long", "may have at most 255 characters"))?;
        if answer.chars() < 3 {
            return Err(ParseError::new("too_short", "must have at least 3 characters"));
        }
        Ok(Self(answer))
    }
}

/// A question as the database keeps it.
#[derive(Deserialize)]
pub(crate) struct StoredQuestion {
    pub(crate) security_question_id: Uuid,
    question: String,
    pub(crate) answer_hash: String,
}

impl StoredQuestion {
    /// Reads those of a row of `users.password_facts_of`.
    pub(crate) fn read_all(stored: Option<Value>) -> Vec<Self> {
        stored.and_then(|stored| serde_json::from_value(stored).ok()).unwrap_or_default()
    }

    /// What the person is asked.
    pub(crate) fn public(&self) -> Value {
        json!({"security_question_id": self.security_question_id, "question": self.question})
    }
}

/// The questions, all of them, and the present password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Questions {
    #[serde(default)]
    #[schema(required, value_type = Password)]
    current_password: Checked<Password>,
    /// Three to ten; none to have none any more.
    #[serde(default)]
    #[schema(max_items = 10)]
    questions: Vec<Question>,
}

/// A question and its answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    #[schema(max_length = 255)]
    question: String,
    /// Case and spaces do not matter.
    #[serde(default)]
    #[schema(required, value_type = String)]
    answer: Checked<Answer>,
}

/// Set one's security questions
///
/// Only where a firm of the person has turned them on. They never open an account by themselves: in a
/// recovery their answers are asked for besides the link of the mail. Takes a recent sign-in.
#[utoipa::path(put, path = "/v1/users/me/security-questions", operation_id = "me_security_questions_put", tag = "users",
    request_body = Questions,
    responses((status = 204, description = "Set"), (status = 429, description = "Too many attempts",
        body = wealth_http::ProblemDocument, content_type = "application/problem+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Person,
    input: Input<Questions>,
) -> Result<Response> {
    principal.step_up()?;
    let forgotten = input.idempotency.clone().forgotten();
    let (current, questions) = validate(input.body)?;
    let row = facts(&app, &principal, &forgotten).await?;
    if !row.get::<_, bool>("security_questions") {
        let text =
            "Security questions are not turned on. A link by mail is the way back into an account.";
        return Err(Problem::new(&problem::STATE_CONFLICT, text));
    }
    let proven = prove(&services.passwords, &current, &row).await?;
    let mut stored = Vec::new();
    for (question, answer) in questions.into_iter().filter(|_| proven) {
        let hash = services.passwords.hash(&answer.into_password()).await?;
        stored.push(json!({"question": question, "answer_hash": hash}));
    }
    let hashes: Vec<String> = row.get("hashes");
    let (seen, stored) = (seen(hashes.first().map(String::as_str)), json!(stored));
    let refused = (!proven).then_some("wrong_password");
    let params = [p::text(&seen), p::text(&refused), p::json(&stored)];
    let write = app.write("me_security_questions_put", &principal, &forgotten);
    let (done, mut rows) =
        write.last(&[(sql!("users", "put_security_questions"), &params)]).await?;
    match rows.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?.get("outcome") {
        "stored" => done.reply(no_content()).await,
        _ => Err(not_yours()),
    }
}

fn validate(body: Questions) -> Result<(Password, Vec<(String, Answer)>), Violations> {
    let mut found = Violations::new();
    let current = body.current_password.required("/current_password", &mut found);
    let count = body.questions.len();
    if count != 0 && !(FEWEST..=MOST).contains(&count) {
        found.add("/questions", "out_of_range", "must be three to ten questions, or none");
        return Err(found);
    }
    let mut questions = Vec::new();
    for (at, asked) in body.questions.into_iter().enumerate() {
        let question = text::clean(
            &asked.question,
            text::NAME,
            &format!("/questions/{at}/question"),
            &mut found,
        );
        let answer = asked.answer.required(&format!("/questions/{at}/answer"), &mut found);
        questions.extend(question.zip(answer));
    }
    match current {
        Some(current) => found.into_result((current, questions)),
        None => Err(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_was_meant() {
        let read = |text: &str| Answer::parse(text).ok().map(|a| a.0.as_bytes().to_vec());
        assert_eq!(read("  Ｍein  STREET\n"), read("mein street"));
        assert_ne!(read("mein street"), read("meinstreet"));
        for bad in ["", "  ", "ab", &"x".repeat(256), &"x".repeat(2_000_000)] {
            assert_eq!(read(bad), None, "{bad:.20}");
        }
    }
}
