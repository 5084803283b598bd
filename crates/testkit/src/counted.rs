//! An application whose round trips to the database are counted, request by request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};

use crate::app::TestApp;
use crate::database::server_url;
use crate::proxy::Proxy;

/// Both ends are this far from the proxy, so that what was sent together is counted together.
const DELAY: Duration = Duration::from_millis(5);

/// See the module.
pub struct Counted {
    /// The application.
    pub app: TestApp,
    proxy: Arc<Proxy>,
    last: Arc<AtomicUsize>,
}

impl Counted {
    /// A fresh one, with one connection to the database.
    pub async fn new() -> Self {
        let url = server_url().await;
        let place = url.rsplit_once('@').map_or(url.as_str(), |(_, place)| place);
        let port = place.split(['/', ':']).nth(1).expect("a port in the URL");
        let proxy = Arc::new(Proxy::start(port.parse().expect("a port")).await);
        let mut app = TestApp::with_config(|config| {
            config.port = proxy.port();
            config.pool_size = 1;
        })
        .await;
        let last = Arc::new(AtomicUsize::new(0));
        let (counter, trips) = (Arc::clone(&proxy), Arc::clone(&last));
        app.router = app.router.layer(from_fn(move |request: Request, next: Next| {
            let (counter, trips) = (Arc::clone(&counter), Arc::clone(&trips));
            async move {
                counter.take_round_trips();
                let answer = next.run(request).await;
                // What the server sends last is still on its way to be counted.
                tokio::time::sleep(counter.delayed() * 3).await;
                trips.store(counter.take_round_trips(), Ordering::SeqCst);
                answer
            }
        }));
        Self { app, proxy, last }
    }

    /// From here on every round trip shows.
    pub fn exactly(&self) {
        self.proxy.delay(DELAY);
    }

    /// Round trips of the last request.
    pub fn last(&self) -> usize {
        self.last.load(Ordering::SeqCst)
    }
}
