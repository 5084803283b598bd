//! Passwords rotated under load. New connections are opened all the time, as by new environments;
//! an open connection never notices a rotation.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use testkit::Firm::Meridian;
use wealth_db::{Credentials, Db, DbConfig, DbError, SecretsManagerCredentials, StaticCredentials};

use crate::moto::{Moto, secret};
use crate::secrets::Log;
use crate::world::{World, list, put};

const ROTATIONS: usize = 12;

/// Logins that must show a password.
async fn logins(world: &World, kinds: &[&str]) -> Vec<String> {
    let group = "do $$ begin
                   if not exists (select from pg_roles where rolname = 'password_login') then
                     create role password_login nologin;
                   end if;
                 exception when duplicate_object or unique_violation then null;
                 end $$";
    world.superuser.batch_execute(group).await.unwrap();
    let mut made = Vec::new();
    for kind in kinds {
        let login = format!("{kind}_{}", world.database.name());
        let text = format!(
            "create role {login} login password 'first';
             grant products_service, password_login to {login}"
        );
        world.superuser.batch_execute(&text).await.unwrap();
        made.push(login);
    }
    // Otherwise these tests would prove nothing: the server asks for the password.
    let wrong = Credentials { username: made[0].clone(), password: "wrong".to_owned() };
    let wrong = Arc::new(StaticCredentials(Arc::new(wrong)));
    let refused = Db::with_credentials(world.config().await, wrong).unwrap().warm_up().await;
    let line = refused.unwrap_err().to_string();
    assert!(line.contains("password authentication failed"), "{line}");
    assert!(!line.contains("wrong"), "{line}");
    made
}

async fn drop_logins(world: &World, logins: &[String]) {
    for login in logins {
        let text = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = '{login}';
             drop role {login}"
        );
        world.superuser.batch_execute(&text).await.unwrap();
    }
}

async fn set_password(world: &World, login: &str, password: &str) {
    let text = format!("alter role {login} password '{password}'");
    world.superuser.batch_execute(&text).await.unwrap();
}

/// Workers that never stop opening connections, reading and writing.
struct Load {
    over: Arc<AtomicBool>,
    served: Arc<AtomicUsize>,
    workers: Vec<tokio::task::JoinHandle<Vec<String>>>,
}

impl Load {
    fn start(config: &DbConfig, provider: &Arc<SecretsManagerCredentials>, workers: usize) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let served = Arc::new(AtomicUsize::new(0));
        let workers = (0..workers).map(|_| {
            let (config, provider) = (config.clone(), Arc::clone(provider));
            let (over, served) = (Arc::clone(&over), Arc::clone(&served));
            tokio::spawn(async move {
                let mut failures = Vec::new();
                while !over.load(Ordering::SeqCst) {
                    let db = Db::with_credentials(config.clone(), provider.clone()).unwrap();
                    for result in [put(&db, Meridian, "note").await, list(&db, Meridian).await] {
                        match result {
                            Ok(_) => drop(served.fetch_add(1, Ordering::SeqCst)),
                            Err(error) => failures.push(error.to_string()),
                        }
                    }
                }
                failures
            })
        });
        let workers = workers.collect();
        Self { over, served, workers }
    }

    /// Waits until every worker has had the time for some more requests.
    async fn go_on(&self) {
        let goal = self.served.load(Ordering::SeqCst) + 2 * self.workers.len();
        while self.served.load(Ordering::SeqCst) < goal {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn stop(self) -> (usize, Vec<String>) {
        self.over.store(true, Ordering::SeqCst);
        let failures = futures_util::future::join_all(self.workers).await;
        let failures = failures.into_iter().flat_map(Result::unwrap).collect();
        (self.served.load(Ordering::SeqCst), failures)
    }
}

#[tokio::test]
async fn alternating_users_lose_no_request() {
    let world = World::new().await;
    let log = Log::default();
    let _listening = log.listen();
    let logins = logins(&world, &["products", "products_clone"]).await;
    let moto = Moto::start(&secret(&logins[0], "first")).await;
    let provider = Arc::new(moto.provider());
    let load = Load::start(&world.config().await, &provider, 4);
    load.go_on().await;
    for rotation in 0..ROTATIONS {
        // The user that is not in the secret gets a new password, and then becomes current.
        let login = &logins[(rotation + 1) % 2];
        let password = format!("rotated-{rotation}-hunter2");
        set_password(&world, login, &password).await;
        load.go_on().await;
        moto.put(&secret(login, &password)).await;
        load.go_on().await;
    }
    let (served, failures) = load.stop().await;
    assert_eq!(failures, Vec::<String>::new(), "of {served} requests");
    let logged = log.text();
    assert!(!logged.contains("hunter2"), "no password in {} bytes of log", logged.len());
    drop_logins(&world, &logins).await;
}

#[tokio::test]
async fn a_single_user_is_refused_in_the_window_only() {
    let world = World::new().await;
    let log = Log::default();
    let _listening = log.listen();
    let logins = logins(&world, &["single"]).await;
    let moto = Moto::start(&secret(&logins[0], "first")).await;
    let provider = Arc::new(moto.provider());
    let config = world.config().await;
    let open = Db::with_credentials(config.clone(), provider.clone()).unwrap();
    list(&open, Meridian).await.unwrap();
    for rotation in 0..ROTATIONS {
        let password = format!("rotated-{rotation}-hunter2");
        set_password(&world, &logins[0], &password).await;
        // The window: server and secret disagree. Who has a connection does not notice.
        list(&open, Meridian).await.unwrap();
        if rotation == 0 {
            let fresh = Db::with_credentials(config.clone(), provider.clone()).unwrap();
            let refused = list(&fresh, Meridian).await.unwrap_err();
            assert!(matches!(refused, DbError::Unavailable(_)), "503, try again: {refused:?}");
            assert!(!format!("{refused:?}").contains("hunter2"));
        }
        moto.put(&secret(&logins[0], &password)).await;
        // It is over: everybody who comes now is served, and the secret is asked for once.
        moto.proxy.take_round_trips();
        let all = (0..8).map(|_| {
            let db = Db::with_credentials(config.clone(), provider.clone()).unwrap();
            async move { list(&db, Meridian).await.map(drop) }
        });
        for served in futures_util::future::join_all(all).await {
            served.unwrap();
        }
        assert_eq!(moto.proxy.take_round_trips(), 1, "8 refusals, one call");
    }
    assert!(!log.text().contains("hunter2"));
    drop(open);
    drop_logins(&world, &logins).await;
}

#[tokio::test]
async fn a_request_that_comes_in_the_window_is_served_when_the_window_is_short() {
    let world = World::new().await;
    let logins = logins(&world, &["short"]).await;
    let moto = Moto::start(&secret(&logins[0], "first")).await;
    let provider = Arc::new(moto.provider());
    let config = world.config().await;
    // Fill the memory, so that the first try uses the password of before.
    Db::with_credentials(config.clone(), provider.clone()).unwrap().warm_up().await.unwrap();
    set_password(&world, &logins[0], "second").await;
    moto.proxy.take_round_trips();
    let db = Db::with_credentials(config, provider).unwrap();
    let request = list(&db, Meridian);
    let rotation = async {
        // The secret is asked for, still holds the old password, and is changed only then.
        while moto.proxy.take_round_trips() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        moto.put(&secret(&logins[0], "second")).await;
    };
    let (served, ()) = futures_util::join!(request, rotation);
    served.unwrap();
    drop(db);
    drop_logins(&world, &logins).await;
}
