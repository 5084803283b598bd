//! Every context behind one port, at the paths that API Gateway uses.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use axum::response::{Html, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use wealth_core::{SystemClock, SystemIds};
use wealth_db::{Db, DbConfig};
use wealth_http::auth::{DbIssuers, HttpsFetcher, Verifier};
use wealth_http::{App, AppParts, Caller};

/// How long requests under way may take to finish once we are asked to stop.
const GRACE: Duration = Duration::from_secs(5);
/// Seconds between two turns of a job that comes every minute elsewhere.
const HURRY: i64 = 5;
/// How long a job may go on beginning chunks.
const TURN: Duration = Duration::from_secs(30);

/// The routes of every function, in the order of the documentation.
pub(crate) fn contexts(services: &users::Services) -> [(&'static str, OpenApiRouter<App>); 4] {
    [
        ("products", products::router()),
        ("rates", rates::router()),
        ("users", users::router(services.clone())),
        ("audit", audit::router()),
    ]
}

/// All of them in one.
fn merged(services: &users::Services) -> OpenApiRouter<App> {
    contexts(services).into_iter().fold(OpenApiRouter::new(), |all, (_, routes)| all.merge(routes))
}

/// The application on a database that need not be reachable yet.
pub(crate) async fn application(config: DbConfig, services: &users::Services) -> Result<App> {
    let db = Db::new(config).await?;
    let platform = services.settings.issuer.clone();
    let issuers = Arc::new(DbIssuers::new(db.clone(), Some(platform)));
    let verifier = Verifier::new(issuers, Arc::new(HttpsFetcher::new()));
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    Ok(App::new(AppParts { db, verifier, clock, ids }))
}

/// An application for whoever only reads the database and answers nobody.
pub(crate) fn reading(db: Db) -> App {
    let issuers = Arc::new(DbIssuers::new(db.clone(), None));
    let verifier = Verifier::new(issuers, Arc::new(HttpsFetcher::new()));
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    App::new(AppParts { db, verifier, clock, ids })
}

/// The OpenAPI document of some routes.
pub(crate) fn document(app: &App, routes: OpenApiRouter<App>) -> OpenApi {
    wealth_http::build(app, routes).1
}

/// The document of all routes.
pub(crate) fn merged_document(app: &App, services: &users::Services) -> OpenApi {
    document(app, merged(services))
}

/// Takes the port on 127.0.0.1.
pub(crate) async fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await.with_context(|| {
        format!("cannot listen on port {port}; stop what uses it or choose another: PORT=9001")
    })
}

/// Serves until `stop` is fired, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    app: &App,
    services: &users::Services,
    jobs: &jobs::Services,
    stop: oneshot::Receiver<()>,
) -> Result<()> {
    let (router, document) = wealth_http::build(app, merged(services));
    let json = document.to_json().context("cannot write the OpenAPI document")?;
    let router = router
        .route("/openapi.json", get(|| async { ([("content-type", "application/json")], json) }))
        .route("/", get(|| async { Redirect::temporary("/docs") }))
        .route("/docs", get(|| async { Html(include_str!("docs.html")) }))
        .layer(middleware::from_fn(attach_caller));
    let service = Router::into_make_service_with_connect_info::<SocketAddr>(router);
    let (stopping, stopped) = oneshot::channel();
    let server = axum::serve(listener, service).with_graceful_shutdown(async {
        // A sender that is gone means stop as well.
        let _ = stop.await;
        let _ = stopping.send(());
    });
    let give_up = async {
        let _ = stopped.await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        never = run_jobs(app, jobs) => never,
        served = server.into_future() => served.context("the server failed"),
        () = give_up => Ok(()),
    }
}

/// The peer's address is the caller's: nothing stands between us and it.
async fn attach_caller(mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let source_ip = peer.map(|ConnectInfo(address)| address.ip());
    request.extensions_mut().insert(Caller { source_ip, gateway_request_id: None });
    next.run(request).await
}

/// What EventBridge Scheduler does elsewhere: calls each job when it is due, at the start those that
/// were due before it. What comes every minute there comes every few seconds here.
async fn run_jobs(app: &App, services: &jobs::Services) -> Result<()> {
    let mut called = HashMap::new();
    loop {
        for job in jobs::JOBS {
            let now = app.clock.now();
            let due = job.schedule().and_then(|schedule| schedule.hurried(HURRY).last(now));
            let Some(scheduled) = due.filter(|due| called.insert(job.name, *due) != Some(*due))
            else {
                continue;
            };
            let order = jobs::Order { scheduled, tenant: None, date: None };
            // What fails is logged by the run itself.
            if let Err(problem) = jobs::run(app, services, job, &order, Instant::now() + TURN).await
            {
                tracing::warn!(job = job.name, cause = problem.summary(), "job not run");
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
