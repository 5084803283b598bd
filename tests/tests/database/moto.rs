//! Secrets Manager, emulated by moto and reached through a proxy that counts and breaks.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
use testkit::proxy::Proxy;
use testkit::watched::{Watched, free_port};
use wealth_db::SecretsManagerCredentials;

/// The secret's name.
pub(crate) const SECRET: &str = "wealth/products";

/// A running emulator with one secret.
pub(crate) struct Moto {
    /// Between the application and the emulator: each call is one round trip.
    pub(crate) proxy: Proxy,
    /// The rotation's own way in, past the proxy.
    direct: Client,
    _program: Watched,
}

impl Moto {
    pub(crate) async fn start(first: &str) -> Self {
        let root = wealth::postgres::project_root().unwrap();
        let program = root.join(".local/venv-moto/bin/moto_server");
        assert!(program.is_file(), "moto_server: run .ci/tools test");
        let port = free_port();
        let log = std::env::temp_dir().join(format!("wealth-moto-{port}.log"));
        let arguments = ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned);
        let watched = Watched::start(&program, &arguments, port, &log).await;
        let direct = client(port);
        let created = direct.create_secret().name(SECRET).secret_string(first).send().await;
        created.expect("a secret");
        Self { proxy: Proxy::start(port).await, direct, _program: watched }
    }

    /// What the application asks for credentials.
    pub(crate) fn provider(&self) -> SecretsManagerCredentials {
        SecretsManagerCredentials::new(client(self.proxy.port()), SECRET.to_owned())
    }

    /// The same as the users function's own keys.
    pub(crate) fn keys(&self) -> users::keys::SecretsManagerKeys {
        users::keys::SecretsManagerKeys::new(client(self.proxy.port()), SECRET.to_owned())
    }

    /// Makes `text` the current version.
    pub(crate) async fn put(&self, text: &str) {
        let put = self.direct.put_secret_value().secret_id(SECRET).secret_string(text);
        put.send().await.expect("a new version");
    }
}

/// A secret as rotation writes it.
pub(crate) fn secret(username: &str, password: &str) -> String {
    serde_json::json!({"username": username, "password": password, "engine": "postgres"})
        .to_string()
}

fn client(port: u16) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .build();
    Client::from_conf(config)
}
