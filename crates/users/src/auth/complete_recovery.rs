//! POST /v1/auth/recover/complete

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Password, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Problem, Result, Row404, Visitor, no_content};

use crate::me::security_questions::{Answer, MOST, StoredQuestion};
use crate::one_time::OneTimeToken;
use crate::passwords::NewPassword;
use crate::services::Services;

/// The link of the mail and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Completion {
    #[serde(default)]
    #[schema(required, value_type = String)]
    token: Checked<OneTimeToken>,
    #[serde(default)]
    #[schema(required, value_type = Password)]
    new_password: Checked<Password>,
    /// Only where a firm of the person wants them: then all of them must be right.
    #[serde(default)]
    #[schema(max_items = 10)]
    answers: Vec<GivenAnswer>,
}

/// An answer to a question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenAnswer {
    security_question_id: Uuid,
    #[serde(default)]
    #[schema(required, value_type = String)]
    answer: Checked<Answer>,
}

/// Set a new password by the link of a mail
///
/// Ends every session of the person. Nobody is signed in by it: a second factor stays due.
#[utoipa::path(post, path = "/v1/auth/recover/complete", operation_id = "auth_recover_complete", tag = "auth",
    security(()), request_body = Completion,
    responses(
        (status = 204, description = "Set; sign in"),
        (status = 409, description = "security_answers_required: the member questions lists them", body = wealth_http::ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<Completion>,
) -> Result<Response> {
    let mut found = Violations::new();
    let token = input.body.token.required("/token", &mut found);
    let password = input.body.new_password.required("/new_password", &mut found);
    let answers = read(input.body.answers, &mut found);
    let (Some(token), Some(password)) = (token, password) else { return Err(found.into()) };
    found.into_result(())?;
    let (token, caller) = (token.hash(), visitor.describe("recover_complete"));
    let params = [p::bytes(&token), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "recovery_facts"), &params).await?;
    let Some(row) = rows.first() else {
        finish(&app, &visitor, &token, None, None).await?;
        return Err(spent());
    };
    let questions = StoredQuestion::read_all(row.get::<_, Option<Value>>("questions"));
    if !questions.is_empty() && answers.is_empty() {
        let asked: Vec<Value> = questions.iter().map(StoredQuestion::public).collect();
        let code = &problem::SECURITY_ANSWERS_REQUIRED;
        return Err(Problem::new(code, code.title).with("questions", json!(asked)));
    }
    // Judged first: a password that will not do must not cost a try at the questions.
    let judged = NewPassword { row, password: &password, pointer: "/new_password" };
    let hash = judged.hash(&services.passwords).await?;
    for question in &questions {
        let given = answers.iter().find(|(id, _)| *id == question.security_question_id);
        let right = match given {
            Some((_, answer)) => {
                let hashes = vec![question.answer_hash.clone()];
                services.passwords.find(answer, hashes).await?.is_some()
            }
            None => false,
        };
        if !right {
            finish(&app, &visitor, &token, None, Some("wrong_answer")).await?;
            return Err(spent());
        }
    }
    match finish(&app, &visitor, &token, Some(&hash), None).await?.as_str() {
        "recovered" => Ok(no_content().into_response()),
        _ => Err(spent()),
    }
}

fn read(given: Vec<GivenAnswer>, found: &mut Violations) -> Vec<(Uuid, Password)> {
    if given.len() > MOST {
        found.add("/answers", "too_long", "may have at most 10 answers");
        return Vec::new();
    }
    let read = given.into_iter().enumerate().filter_map(|(at, given)| {
        let answer = given.answer.required(&format!("/answers/{at}/answer"), found)?;
        Some((given.security_question_id, answer.into_password()))
    });
    read.collect()
}

/// The second round trip, which records what became of it.
async fn finish(
    app: &App,
    visitor: &Visitor,
    token: &Vec<u8>,
    hash: Option<&str>,
    refused: Option<&str>,
) -> Result<String> {
    let refused = refused.or(if hash.is_none() { Some("token_spent") } else { None });
    let caller = visitor.describe("recover_complete");
    let params = [p::bytes(token), p::text(&hash), p::text(&refused), p::json(&caller)];
    let rows = visitor.query(app, sql!("users", "complete_recovery"), &params).await?;
    Ok(rows.one_or(&problem::NOT_FOUND)?.get("outcome"))
}

fn spent() -> Problem {
    let text = "The link does not work, or an answer is not right. Have a new link sent.";
    Problem::new(&problem::ONE_TIME_TOKEN_INVALID, text)
}
