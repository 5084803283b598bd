//! Okta's API, as a small server of this machine behaves like it.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use users::reconcile::Okta;
use wealth_http::auth::HttpsFetcher;

use super::{Known, active, group, managers, people, turn};

/// How it behaves when it is asked next: taken from the front, well-behaved when there is none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    /// 429 with this many seconds in Retry-After.
    Busy(u32),
    /// The answer breaks off in the middle.
    Cut,
    /// The next page is somebody else's.
    Elsewhere,
    /// The token is not good any more.
    Unauthorized,
    /// An error page with status 200.
    NoJson,
}

struct Server {
    people: Vec<(&'static str, &'static str)>,
    members: Vec<&'static str>,
    moods: Mutex<Vec<Mood>>,
    asked: Mutex<Vec<String>>,
    address: String,
}

/// Pages are of two.
const PAGE: usize = 2;

impl Server {
    async fn start(moods: &[Mood]) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let people = ["ana", "ben", "cleo", "dan", "eve"];
        let people = people.map(|name| (name, if name == "ben" { "SUSPENDED" } else { "ACTIVE" }));
        let server = Arc::new(Self {
            people: people.to_vec(),
            members: vec!["ana", "cleo", "dan", "eve"],
            moods: Mutex::new(moods.to_vec()),
            asked: Mutex::default(),
            address,
        });
        let router = axum::Router::new()
            .route("/api/v1/users", get(users))
            .route("/api/v1/groups", get(groups))
            .route("/api/v1/groups/{group}/users", get(members))
            .with_state(Arc::clone(&server));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        server
    }

    fn answer(&self, headers: &HeaderMap, path: &str, after: usize, all: &[Value]) -> Response {
        assert_eq!(headers[header::AUTHORIZATION], "SSWS 00secret");
        self.asked.lock().unwrap().push(format!("{path} {after}"));
        let mood = {
            let mut moods = self.moods.lock().unwrap();
            if moods.is_empty() { Mood::Well } else { moods.remove(0) }
        };
        let page: Vec<&Value> = all.iter().skip(after).take(PAGE).collect();
        let text = json!(page).to_string();
        let link =
            |at: &str| format!("<{at}{path}?limit=200&after={}>; rel=\"next\"", after + PAGE);
        let own = (header::LINK, format!("<{}{path}>; rel=\"self\"", self.address));
        match mood {
            Mood::Busy(seconds) => {
                let headers = [
                    ("retry-after", seconds.to_string()),
                    ("x-rate-limit-remaining", "0".to_owned()),
                ];
                (StatusCode::TOO_MANY_REQUESTS, headers, "{}").into_response()
            }
            Mood::Cut => {
                let halves: [Result<String, std::io::Error>; 2] =
                    [Ok(text[..text.len() / 2].to_owned()), Err(std::io::Error::other("cut"))];
                axum::body::Body::from_stream(futures_util::stream::iter(halves)).into_response()
            }
            Mood::Elsewhere => {
                ([(header::LINK, link("https://evil.example"))], text).into_response()
            }
            Mood::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Mood::NoJson => "<html>maintenance</html>".into_response(),
            Mood::Well if after + PAGE < all.len() => {
                let mut answer = ([own], text).into_response();
                let next = link(&self.address).parse().expect("a header");
                answer.headers_mut().append(header::LINK, next);
                answer
            }
            Mood::Well => ([own], text).into_response(),
        }
    }

    fn services(&self) -> users::Services {
        let clock = Arc::new(wealth_core::SystemClock);
        let fetcher = HttpsFetcher::with_loopback();
        let okta = Okta::new(&self.address, "SSWS 00secret".to_owned(), fetcher, clock);
        testkit::services_comparing(Arc::new(Known(vec![(Firm::Meridian, Arc::new(okta))])))
    }
}

#[derive(serde::Deserialize)]
struct Page {
    #[serde(default)]
    after: usize,
}

type Here = State<Arc<Server>>;

async fn users(State(server): Here, Query(page): Query<Page>, headers: HeaderMap) -> Response {
    let user = |(name, status): &(&str, &str)| {
        json!({"id": format!("00u-{name}"), "status": status, "created": "2026-01-01T00:00:00.000Z",
            "profile": {"login": format!("{name}@corp.example"), "email": "x", "mobilePhone": null}})
    };
    let all: Vec<Value> = server.people.iter().map(user).collect();
    server.answer(&headers, "/api/v1/users", page.after, &all)
}

async fn groups(State(server): Here, Query(page): Query<Page>, headers: HeaderMap) -> Response {
    let all = ["Everyone", "Leads", "Others"].map(|name| {
        json!({"id": format!("00g-{name}"), "type": "OKTA_GROUP", "profile": {"name": name, "description": null}})
    });
    server.answer(&headers, "/api/v1/groups", page.after, &all)
}

async fn members(
    State(server): Here,
    Path(group): Path<String>,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> Response {
    assert_eq!(group, "00g-Leads", "only groups that are known here are read");
    let all: Vec<Value> = server
        .members
        .iter()
        .map(|name| json!({"id": format!("00u-{name}"), "status": "ACTIVE"}))
        .collect();
    server.answer(&headers, "/api/v1/groups/00g-Leads/users", page.after, &all)
}

async fn scene(app: &TestApp) {
    let ids = people(app, &["ana", "ben", "cleo", "dan", "eve"]).await;
    group(app, "Leads", &[&ids[0], &ids[1], &ids[2], &ids[3]]).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
}

/// What a whole reading asks for.
const READING: [&str; 7] = [
    "/api/v1/users 0",
    "/api/v1/users 2",
    "/api/v1/users 4",
    "/api/v1/groups 0",
    "/api/v1/groups 2",
    "/api/v1/groups/00g-Leads/users 0",
    "/api/v1/groups/00g-Leads/users 2",
];

async fn settled(app: &TestApp) {
    assert_eq!(active(app).await, ["ana", "cleo", "dan", "eve"]);
    assert_eq!(managers(app).await, ["ana", "cleo", "dan", "eve"]);
    let runs = app.sql("select status, counts from users.directory_runs").await;
    let counts = json!({"people": 5, "groups": 3, "off": 1, "on": 0, "left": 1, "came": 1});
    assert_eq!(runs, [json!({"status": "done", "counts": counts})]);
}

#[tokio::test]
async fn every_page_is_read_and_waited_for() {
    let app = TestApp::new().await;
    scene(&app).await;
    let server = Server::start(&[Mood::Well, Mood::Busy(1), Mood::Well]).await;
    let reports = turn(&app, &server.services()).await;
    assert_eq!(reports[0]["status"], "done", "{reports:?}");
    let mut expected = READING.to_vec();
    expected.insert(1, READING[1]);
    assert_eq!(*server.asked.lock().unwrap(), expected);
    settled(&app).await;
}

#[tokio::test]
async fn a_turn_that_breaks_off_goes_on_where_it_was() {
    let app = TestApp::new().await;
    scene(&app).await;
    let moods =
        [Mood::Well, Mood::Well, Mood::Cut, Mood::Well, Mood::Busy(600), Mood::Well, Mood::NoJson];
    let server = Server::start(&moods).await;
    let services = server.services();
    for reason in ["does not answer", "takes no more calls for 600 s", "malformed answer"] {
        let reports = turn(&app, &services).await;
        assert_eq!(reports[0]["status"], "reading", "{reports:?}");
        assert!(
            reports[0]["reason"].as_str().is_some_and(|text| text.contains(reason)),
            "{reports:?}"
        );
        assert_eq!(active(&app).await.len(), 5, "nothing is decided on half a reading");
    }
    assert_eq!(turn(&app, &services).await[0]["status"], "done");
    let mut expected = READING.to_vec();
    expected.insert(3, READING[2]);
    expected.insert(5, READING[3]);
    expected.insert(7, READING[4]);
    let asked = server.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), expected.len(), "{asked:?}");
    let mut sorted = (asked, expected);
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1, "each page once more that broke off, no other");
    settled(&app).await;
}

#[tokio::test]
async fn the_token_goes_nowhere_else_and_a_refusal_is_told() {
    let app = TestApp::new().await;
    scene(&app).await;
    let server = Server::start(&[Mood::Elsewhere, Mood::Unauthorized]).await;
    let services = server.services();
    for reason in ["a next page at another place", "refuses: status 401"] {
        let reports = turn(&app, &services).await;
        let told = reports[0]["reason"].as_str().expect("a reason").to_owned();
        assert!(told.contains(reason) && !told.contains("00secret"), "{told}");
        assert_eq!(reports[0]["status"], "reading");
    }
    // Nobody answered the whole day: the next one begins anew.
    app.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(turn(&app, &services).await[0]["status"], "done");
    let runs = app.sql("select status from users.directory_runs order by day").await;
    assert_eq!(runs, [json!({"status": "failed"}), json!({"status": "done"})]);
}

/// A large directory takes longer than a night; what was read of it is not thrown away.
#[tokio::test]
async fn a_reading_goes_on_the_next_day_but_not_for_ever() {
    let app = TestApp::new().await;
    scene(&app).await;
    let server = Server::start(&[Mood::Well, Mood::Cut]).await;
    let services = server.services();
    assert_eq!(turn(&app, &services).await[0]["status"], "reading");
    app.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(turn(&app, &services).await[0]["status"], "done");
    let mut expected = READING.to_vec();
    expected.insert(1, READING[1]);
    assert_eq!(*server.asked.lock().unwrap(), expected);
    settled(&app).await;
    // Then this day's own comes.
    *server.moods.lock().unwrap() = vec![Mood::Well, Mood::Cut];
    assert_eq!(turn(&app, &services).await[0]["status"], "reading");
    app.clock.advance(chrono::TimeDelta::days(3));
    assert_eq!(turn(&app, &services).await[0]["status"], "done");
    let runs = app.sql("select status from users.directory_runs order by day").await;
    assert_eq!(runs, ["done", "failed", "done"].map(|status| json!({ "status": status })));
}
