//! Events of `events/` sent to a function. The whole answer and its log line stand in `answers/`;
//! `UPDATE_ANSWERS=1` writes them anew, for review by eye.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Days;
use serde_json::{Map, Value, json};
use testkit::lambda::Lambda;

use crate::redact::redact;
use crate::world::{World, answer, body};

/// What a line of the log holds whatever the request was.
const MEASURED: [&str; 2] = ["micros", "db_micros"];
/// The fields of the line that say what happened.
const TOLD: [&str; 9] = [
    "level",
    "method",
    "route",
    "status",
    "tenant",
    "principal",
    "db_round_trips",
    "db_rows",
    "cause",
];

/// Sends events to one function and holds the answers against the recorded ones.
pub(crate) struct Session<'a> {
    pub(crate) world: &'a World,
    pub(crate) lambda: Lambda,
    function: &'static str,
    pub(crate) sent: BTreeSet<String>,
    values: BTreeMap<&'static str, String>,
    days: Vec<(String, String)>,
}

impl<'a> Session<'a> {
    pub(crate) async fn new(world: &'a World, function: &'static str) -> Self {
        Self::of(world, function, world.start(function).await).await
    }

    /// The same with a function that has been started.
    pub(crate) async fn of(world: &'a World, function: &'static str, lambda: Lambda) -> Self {
        let today = world.today().await;
        let day = |ahead: u64| (today + Days::new(ahead)).to_string();
        let before = |back: u64| (today - Days::new(back)).to_string();
        let days = [
            (day(0), "<today>"),
            (day(1), "<tomorrow>"),
            (day(9), "<today + 9>"),
            (day(10), "<today + 10>"),
            (day(40), "<today + 40>"),
            (day(41), "<today + 41>"),
            (before(1), "<yesterday>"),
        ];
        let days = days.map(|(day, name)| (day, name.to_owned())).into();
        let values = BTreeMap::from([("token", world.admin())]);
        Self { world, lambda, function, sent: BTreeSet::new(), values, days }
    }

    /// Sends an event and checks the answer; gives the answer's body.
    pub(crate) async fn send(&mut self, name: &str) -> Value {
        let values: Vec<_> = self.values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let event = self.world.event(&format!("{}/{name}", self.function), &values).await;
        let seen = self.lambda.output().json().len();
        let answer = answer(&self.lambda, &event).await;
        let line = self.line(seen).await;
        let request_id = line["request_id"].as_str().expect("a request id").to_owned();
        assert_eq!(answer["headers"]["x-request-id"], request_id, "{name}");
        let gateway = &event["requestContext"]["requestId"];
        assert_eq!(&line["gateway_request_id"], gateway, "{name}");
        for field in MEASURED {
            assert!(line[field].is_u64(), "{name}: {field} in {line}");
        }
        self.compare(name, &answer, &line);
        self.sent.insert(name.to_owned());
        // A file is no JSON and holds nothing that a later event names.
        if name == "export" { Value::Null } else { body(&answer) }
    }

    /// The request's line among those printed after the first `seen`.
    async fn line(&self, seen: usize) -> Value {
        let output = self.lambda.output();
        for _ in 0..200 {
            let lines = output.json();
            if let Some(line) = lines.iter().skip(seen).find(|l| l["message"] == "request") {
                return line.clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("no line of the request in:\n{}", output.lines().join("\n"));
    }

    fn compare(&self, name: &str, answer: &Value, line: &Value) {
        let mut answer = answer.clone();
        // What the skin does not take for text it sends in base64, which the gateway undoes.
        if answer["isBase64Encoded"] == true {
            let body = answer["body"].as_str().map(|body| STANDARD.decode(body).expect("base64"));
            answer["body"] = String::from_utf8(body.expect("a body")).expect("text").into();
        }
        // An instant is shorter when its last digits are zero.
        let length = answer["body"].as_str().map_or(0, str::len).to_string();
        if let Some(told) = answer.pointer_mut("/headers/content-length") {
            assert_eq!(*told, length, "{name}");
            *told = "<length>".into();
        }
        // The body is text to the gateway; as JSON it can be read and compared by member.
        if let Some(Ok(json)) = answer["body"].as_str().map(serde_json::from_str::<Value>) {
            answer["body"] = json;
        }
        let told: Map<String, Value> = TOLD
            .iter()
            .filter_map(|field| Some(((*field).to_owned(), line.get(*field)?.clone())))
            .collect();
        self.hold(name, &json!({"answer": answer, "log": told}));
    }

    /// Holds what is shown of an answer against what was recorded.
    fn hold(&self, name: &str, shown: &Value) {
        let text = serde_json::to_string_pretty(shown).expect("JSON");
        let text = format!("{}\n", redact(&text, &self.days));
        let file = folder(self.function).join(format!("{name}.json"));
        if std::env::var_os("UPDATE_ANSWERS").is_some() {
            std::fs::create_dir_all(folder(self.function)).expect("a folder");
            std::fs::write(&file, &text).expect("a file");
        }
        let wanted = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(
            text,
            wanted,
            "{}/{name}: the answer (left) and {}",
            self.function,
            file.display()
        );
    }

    /// Sends an event that is no call and checks what comes of it.
    pub(crate) async fn happen(&mut self, name: &str) -> Value {
        let answer = self.ask(name).await;
        self.hold(name, &answer);
        answer
    }

    /// The same without a record of what comes of it.
    pub(crate) async fn ask(&mut self, name: &str) -> Value {
        let event = self.world.event(&format!("{}/{name}", self.function), &[]).await;
        let answer = answer(&self.lambda, &event).await;
        self.sent.insert(name.to_owned());
        answer
    }

    /// The product as it is now: what its next change names in If-Match.
    pub(crate) async fn see_version(&mut self) {
        let path = format!("/v1/products/{}", self.values["product_id"]);
        let tag = self.world.app.admin().get(&path).await.expect(200).etag();
        self.set("version", tag.trim_matches('"'));
    }

    /// A value for `{{name}}` from now on.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.values.insert(name, value.into());
    }

    /// Sends an event that is no call, which must end as an error.
    pub(crate) async fn refuse(&mut self, name: &str) {
        let values: Vec<_> = self.values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let event = self.world.event(&format!("{}/{name}", self.function), &values).await;
        let outcome = self.lambda.invoke(&event, crate::world::LIMIT).await.expect("an outcome");
        let error = outcome.into_error().expect("an error");
        assert!(error["errorType"].is_string() && error["errorMessage"].is_string(), "{error}");
        self.sent.insert(name.to_owned());
    }

    /// Every recorded event has been sent, and the log keeps its secrets.
    pub(crate) fn finish(self, elsewhere: &[&str]) {
        let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(self.function);
        let files = std::fs::read_dir(events).expect("the events");
        let names = files.map(|file| file.expect("a file").path());
        let names: BTreeSet<String> = names
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        let sent: BTreeSet<String> =
            self.sent.into_iter().chain(elsewhere.iter().map(|name| (*name).to_owned())).collect();
        assert_eq!(sent, names, "the events that were sent and those that there are");
        for line in self.lambda.output().lines() {
            for secret in secrets(&self.values["token"]) {
                assert!(!line.contains(&secret), "{secret} in the log: {line}");
            }
        }
    }
}

/// What no log may hold: the token or its parts, names, addresses, amounts.
fn secrets(token: &str) -> Vec<String> {
    let parts = token.split('.').map(str::to_owned);
    let personal = ["@a.test", "Ada", "203.0.113.", "curl/", "Granite", "10000.00", "38141G104"];
    parts.chain(personal.map(str::to_owned)).collect()
}

fn folder(function: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lambda/answers").join(function)
}
