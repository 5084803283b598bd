//! The provider of credentials, against an emulated Secrets Manager.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use wealth_db::{CredentialError, CredentialsProvider as _, Db};

use crate::moto::{Moto, secret};
use crate::world::World;

/// A bound on what must not hang; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn any_number_of_refusals_asks_once() {
    let moto = Moto::start(&secret("products", "one")).await;
    let provider = moto.provider();
    let first = provider.current().await.unwrap();
    assert_eq!((moto.proxy.take_round_trips(), first.password.as_str()), (1, "one"));
    for _ in 0..10 {
        provider.current().await.unwrap();
    }
    assert_eq!(moto.proxy.take_round_trips(), 0, "kept in memory");

    moto.put(&secret("products", "two")).await;
    let newer = join_all((0..64).map(|_| provider.after_refusal(&first))).await;
    assert!(newer.into_iter().all(|newer| newer.unwrap().password == "two"));
    assert_eq!(moto.proxy.take_round_trips(), 1, "64 refusals, one call");

    // The server refuses them although they are the current ones: still one call for all.
    let second = provider.current().await.unwrap();
    let same = join_all((0..64).map(|_| provider.after_refusal(&second))).await;
    assert!(same.into_iter().all(|same| same.unwrap() == second));
    assert_eq!(moto.proxy.take_round_trips(), 1);
}

#[tokio::test]
async fn while_secrets_manager_is_down_or_slow_the_known_version_stays_in_use() {
    let moto = Moto::start(&secret("products", "one")).await;
    let provider = moto.provider().with_fresh_for(Duration::ZERO);
    let known = provider.current().await.unwrap();
    moto.proxy.away(true);
    let still = tokio::time::timeout(PATIENCE, provider.current()).await.expect("no hang");
    assert_eq!(still.unwrap(), known, "down");
    // It is left alone for a while, so a second caller does not wait.
    moto.proxy.away(false);
    moto.proxy.take_round_trips();
    assert_eq!(provider.current().await.unwrap(), known);
    assert_eq!(moto.proxy.take_round_trips(), 0);

    let provider = moto.provider().with_fresh_for(Duration::ZERO);
    let known = provider.current().await.unwrap();
    moto.proxy.delay(Duration::from_secs(60));
    let still = tokio::time::timeout(PATIENCE, provider.current()).await.expect("no hang");
    assert_eq!(still.unwrap(), known, "slow");
    // Nothing is known and nothing answers: an error in bounded time, and no hang.
    let ignorant = moto.provider();
    let error = tokio::time::timeout(PATIENCE, ignorant.current()).await.expect("no hang");
    assert!(matches!(error, Err(CredentialError::Unreachable(_))), "{error:?}");
}

#[tokio::test]
async fn a_malformed_secret_is_one_clear_line_without_its_content() {
    let world = World::new().await;
    let log = Log::default();
    let _listening = log.listen();
    let moto = Moto::start("hunter2").await;
    for text in [
        "hunter2",
        r#"{"username": "products", "pass": "hunter2"}"#,
        r#"{"username": "products", "password": ["hunter2"]}"#,
    ] {
        moto.put(text).await;
        let config = world.config().await;
        let db = Db::with_credentials(config, Arc::new(moto.provider())).unwrap();
        let error = db.warm_up().await.unwrap_err();
        let line = format!("{error} {error:?}");
        assert!(line.contains(r#"the secret is not {"username""#), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
    let logged = log.text();
    assert!(!logged.contains("hunter2"), "{logged}");
}

/// What is logged on this thread, down to `debug`, the SDK's own lines included.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
