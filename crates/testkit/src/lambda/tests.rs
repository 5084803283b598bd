//! The emulator against a runtime client of a few lines, and against processes of the shell.

use std::{os::unix::process::ExitStatusExt, path::PathBuf, time::Duration};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Function, Lambda, MAX_PAYLOAD, Outcome, RuntimeApi, Started};

const LIMIT: Duration = Duration::from_secs(20);
const NEXT: &str = "/2018-06-01/runtime/invocation/next";

async fn api() -> RuntimeApi {
    RuntimeApi::start("toy", "arn:aws:lambda:us-east-1:123456789012:function:toy".into())
        .await
        .unwrap()
}

/// One request on its own connection: status line and headers in lower case, then the body.
async fn call(
    api: &RuntimeApi,
    method: &str,
    path: &str,
    head: &str,
    body: &[u8],
) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(api.address()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap().to_lowercase(), body)
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let prefix = format!("{name}: ");
    head.lines().find_map(|line| line.strip_prefix(prefix.as_str())).unwrap()
}

fn error_type(body: &[u8]) -> String {
    serde_json::from_slice::<Value>(body).unwrap()["errorType"].as_str().unwrap().to_owned()
}

/// Takes the next event and ends it by `verb` with `answer`; returns the event and the status line.
async fn handle_one(api: &RuntimeApi, verb: &str, answer: &[u8]) -> (Vec<u8>, String) {
    let (head, event) = call(api, "GET", NEXT, "", b"").await;
    let id = header(&head, "lambda-runtime-aws-request-id");
    let path = format!("/2018-06-01/runtime/invocation/{id}/{verb}");
    let (head, _) = call(api, "POST", &path, "", answer).await;
    (event, head.lines().next().unwrap().to_owned())
}

#[tokio::test]
async fn an_event_reaches_the_function_and_its_answer_comes_back() {
    let api = api().await;
    let (outcome, (event, status)) = tokio::join!(
        api.invoke(Bytes::from_static(b"{\"n\":1}"), LIMIT),
        handle_one(&api, "response", b"{\"n\":2}"),
    );
    assert_eq!(event, b"{\"n\":1}");
    assert_eq!(status, "http/1.1 202 accepted");
    assert_eq!(outcome.unwrap(), Outcome::Response(json!({ "n": 2 })));
}

#[tokio::test]
async fn next_carries_the_headers_of_the_real_service() {
    let api = api().await;
    let (outcome, (head, _)) = tokio::join!(
        api.invoke(Bytes::from_static(b"{}"), Duration::from_millis(300)),
        call(&api, "GET", NEXT, "", b""),
    );
    assert!(outcome.unwrap_err().to_string().contains("timed out"));
    assert!(uuid::Uuid::parse_str(header(&head, "lambda-runtime-aws-request-id")).is_ok());
    assert!(
        header(&head, "lambda-runtime-deadline-ms").parse::<u64>().unwrap() > 1_700_000_000_000
    );
    assert_eq!(
        header(&head, "lambda-runtime-invoked-function-arn"),
        "arn:aws:lambda:us-east-1:123456789012:function:toy"
    );
    assert!(header(&head, "lambda-runtime-trace-id").starts_with("root=1-"));
}

#[tokio::test]
async fn an_error_is_told_apart_from_an_answer() {
    let api = api().await;
    let error = json!({ "errorType": "Boom", "errorMessage": "no" });
    let text = error.to_string();
    let (outcome, _) = tokio::join!(
        api.invoke(Bytes::from_static(b"{}"), LIMIT),
        handle_one(&api, "error", text.as_bytes()),
    );
    assert_eq!(outcome.unwrap().into_error().unwrap(), error);
}

#[tokio::test]
async fn an_answer_above_six_megabytes_is_refused_and_fails_the_invocation() {
    let api = api().await;
    let large = vec![b' '; MAX_PAYLOAD + 1];
    let (outcome, (_, status)) = tokio::join!(
        api.invoke(Bytes::from_static(b"{}"), LIMIT),
        handle_one(&api, "response", &large),
    );
    assert_eq!(status, "http/1.1 413 payload too large");
    let error = outcome.unwrap().into_error().unwrap();
    assert_eq!(error["errorType"], "Function.ResponseSizeTooLarge");
}

#[tokio::test]
async fn a_late_answer_is_an_unknown_invocation_and_a_late_event_is_not_delivered() {
    let api = api().await;
    let short = Duration::from_millis(50);
    assert!(api.invoke(Bytes::from_static(b"\"old\""), short).await.is_err());
    let (outcome, (event, _)) = tokio::join!(
        api.invoke(Bytes::from_static(b"\"new\""), LIMIT),
        handle_one(&api, "response", b"1"),
    );
    assert_eq!(
        (event.as_slice(), outcome.unwrap()),
        (&b"\"new\""[..], Outcome::Response(json!(1)))
    );

    let path = "/2018-06-01/runtime/invocation/none/response";
    let (head, body) = call(&api, "POST", path, "", b"1").await;
    assert!(head.starts_with("http/1.1 400"));
    assert_eq!(error_type(&body), "InvalidRequestID");
}

#[tokio::test]
async fn a_failed_start_is_kept() {
    let api = api().await;
    let error = b"{\"errorType\":\"Config\"}";
    let (head, _) = call(&api, "POST", "/2018-06-01/runtime/init/error", "", error).await;
    assert!(head.starts_with("http/1.1 202"));
    assert_eq!(api.init_error(), Some(json!({ "errorType": "Config" })));
}

#[tokio::test]
async fn an_extension_registers_once_and_must_identify_itself() {
    let api = api().await;
    let register = "/2020-01-01/extension/register";
    let name = "lambda-extension-name: helper\r\n";
    let (head, body) = call(&api, "POST", register, name, b"{\"events\":[]}").await;
    assert!(head.starts_with("http/1.1 200"));
    assert!(!header(&head, "lambda-extension-identifier").is_empty());
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["functionName"], "toy");

    let (head, _) = call(&api, "POST", register, name, b"{\"events\":[]}").await;
    assert!(head.starts_with("http/1.1 403"), "the name is taken");
    let other = "lambda-extension-name: other\r\n";
    let (head, _) = call(&api, "POST", register, other, b"{\"events\":[\"SHUTDOWN\"]}").await;
    assert!(head.starts_with("http/1.1 403"), "not for an internal extension");
    let (head, body) = call(&api, "GET", "/2020-01-01/extension/event/next", "", b"").await;
    assert!(head.starts_with("http/1.1 403"));
    assert_eq!(error_type(&body), "Extension.UnknownExtensionIdentifier");
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let api = api().await;
    for path in ["/", "/2018-06-01/runtime/invocation", "/2018-06-01/runtime/restore/next"] {
        let (head, _) = call(&api, "GET", path, "", b"").await;
        assert!(head.starts_with("http/1.1 404"), "{path}");
    }
}

#[tokio::test]
async fn the_binary_under_test_is_built_first() {
    let path = super::binary("wealth").await.unwrap();
    assert!(path.is_file());
    let error = super::binary("no-such-function").await.unwrap_err();
    assert_eq!(error.to_string(), "cargo cannot build no-such-function");
}

#[test]
fn a_recorded_event_is_complete_or_refused() {
    let error = super::event("products/get", &[("token", "t")]).unwrap_err().to_string();
    assert_eq!(error, "products/get: no value for product_id");
    let event = super::event("products/get", &[("token", "t"), ("product_id", "p")]).unwrap();
    assert_eq!(event["headers"]["authorization"], "Bearer t");
    assert_eq!(event["rawPath"], "/v1/products/p");
    assert!(super::event("products/none", &[]).is_err());
}

/// A function whose bootstrap is a script.
async fn script(text: &str) -> Lambda {
    let function = Function::new("toy", PathBuf::from("/bin/bash")).arg("-c").arg(text);
    Lambda::start(function).await.unwrap()
}

#[tokio::test]
async fn the_start_ends_with_the_first_poll() {
    let poll = r"exec 3<>/dev/tcp/${AWS_LAMBDA_RUNTIME_API/:/\/}
        printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n' >&3
        cat <&3";
    let lambda = script(poll).await;
    let started = lambda.started(LIMIT).await.unwrap();
    assert!(matches!(started, Started::Ready(_)), "{started:?}");
    assert!(lambda.cpu_time().unwrap() > Duration::ZERO);
    assert!(lambda.peak_memory().unwrap() > 100_000);
}

#[tokio::test]
async fn a_function_that_exits_ends_the_start_and_the_invocation() {
    let lambda = script("echo first; echo second >&2; exit 3").await;
    let started = lambda.started(LIMIT).await.unwrap();
    assert!(matches!(started, Started::Exited(status) if status.code() == Some(3)), "{started:?}");
    let error = format!("{:#}", lambda.invoke(&json!({}), LIMIT).await.unwrap_err());
    assert!(error.contains("exit status: 3"), "{error}");
    lambda.output().wait_for(LIMIT, |line| line == "first").await.unwrap();
    lambda.output().wait_for(LIMIT, |line| line == "second").await.unwrap();
}

#[tokio::test]
async fn the_function_sees_lambdas_environment_and_nothing_else() {
    let lambda = script(
        "echo \"{\\\"name\\\":\\\"$AWS_LAMBDA_FUNCTION_NAME\\\",\\\"home\\\":\\\"$HOME\\\"}\"",
    )
    .await;
    lambda.exited(LIMIT).await.unwrap();
    lambda.output().wait_for(LIMIT, |line| line.starts_with('{')).await.unwrap();
    assert_eq!(lambda.output().json(), [json!({ "name": "toy", "home": "" })]);
}

#[tokio::test]
async fn without_an_extension_the_end_comes_unannounced() {
    let lambda = script("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done").await;
    lambda.output().wait_for(LIMIT, |line| line == "up").await.unwrap();
    assert_eq!(lambda.spin_down().await.unwrap().signal(), Some(9));
}

#[tokio::test]
async fn sigterm_reaches_the_function_and_a_frozen_one_only_after_the_thaw() {
    let lambda =
        script("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done").await;
    lambda.output().wait_for(LIMIT, |line| line == "up").await.unwrap();
    lambda.freeze();
    lambda.sigterm();
    assert!(lambda.exited(Duration::from_millis(200)).await.is_err());
    lambda.thaw();
    assert_eq!(lambda.exited(LIMIT).await.unwrap().code(), Some(7));
    lambda.output().wait_for(LIMIT, |line| line == "bye").await.unwrap();
}

#[tokio::test]
async fn an_extension_is_given_the_chance_to_obey() {
    let lambda = script("trap '' TERM; echo up; while :; do sleep 0.05; done").await;
    lambda.output().wait_for(LIMIT, |line| line == "up").await.unwrap();
    let name = "lambda-extension-name: helper\r\n";
    let register = "/2020-01-01/extension/register";
    call(lambda.api(), "POST", register, name, b"{\"events\":[]}").await;
    // It ignores SIGTERM, so that only the limit ends it.
    assert_eq!(lambda.spin_down().await.unwrap().signal(), Some(9));
}

#[tokio::test]
async fn a_dropped_function_leaves_no_process() {
    let lambda = script("echo pid $$; exec sleep 600").await;
    let line = lambda.output().wait_for(LIMIT, |line| line.starts_with("pid ")).await.unwrap();
    let process = PathBuf::from("/proc").join(line.trim_start_matches("pid "));
    assert!(process.exists());
    drop(lambda);
    let gone = async {
        // A zombie still has a directory, but no command line.
        while std::fs::read(process.join("cmdline")).is_ok_and(|line| !line.is_empty()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LIMIT, gone).await.unwrap();
}
