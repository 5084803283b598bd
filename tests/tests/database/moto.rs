//! Secrets Manager, emulated by moto and reached through a proxy that counts and breaks.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
use testkit::proxy::Proxy;
use testkit::watched::{Watched, free_port};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wealth_db::SecretsManagerCredentials;
use wealth_http::auth::HttpsFetcher;

/// The secret's name.
pub(crate) const SECRET: &str = "wealth/products";

/// A running emulator with one secret.
pub(crate) struct Moto {
    /// Between the application and the emulator: each call is one round trip.
    pub(crate) proxy: Proxy,
    /// The rotation's own way in, past the proxy.
    direct: Client,
    port: u16,
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
        Self { proxy: Proxy::start(port).await, direct, port, _program: watched }
    }

    /// What the application asks for credentials.
    pub(crate) fn provider(&self) -> SecretsManagerCredentials {
        SecretsManagerCredentials::new(client(self.proxy.port()), SECRET.to_owned())
    }

    /// The same as the users function's own keys.
    pub(crate) fn keys(&self) -> users::keys::SecretsManagerKeys {
        users::keys::SecretsManagerKeys::new(client(self.proxy.port()), SECRET.to_owned())
    }

    /// Makes another secret.
    pub(crate) async fn create(&self, name: &str, text: &str) {
        let created = self.direct.create_secret().name(name).secret_string(text).send().await;
        created.expect("a secret");
    }

    /// What the jobs call feeds with: secrets whose names begin with `prefix`.
    pub(crate) fn feed_caller(&self, prefix: &str) -> jobs::FeedCaller {
        let secrets = jobs::FeedSecrets::new(client(self.proxy.port()), prefix.to_owned());
        let fetcher = HttpsFetcher::with_loopback();
        jobs::FeedCaller::new(fetcher, Some(secrets))
    }

    /// The key of the audit logs in that secret, or in a KMS at `kms`.
    pub(crate) fn audit_key(&self, kms: u16) -> audit::SecretSigner {
        let secrets = client(self.proxy.port());
        audit::SecretSigner::new(secrets, kms_client(kms), SECRET.to_owned())
    }

    /// Mail by the emulator's SES, which knows of no verified sender before [`Moto::verify`].
    pub(crate) fn mailer(&self, from: &str) -> users::mail::Ses {
        users::mail::Ses::new(ses(self.proxy.port()), from.to_owned())
    }

    /// Makes an identity one that SES has verified.
    pub(crate) async fn verify(&self, identity: &str) {
        let made = ses(self.port).create_email_identity().email_identity(identity).send();
        made.await.expect("an identity");
    }

    /// What SES was given: source, destinations, subject and body of each message.
    pub(crate) async fn sent(&self) -> Vec<serde_json::Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.expect("moto");
        let request = "GET /moto-api/data.json HTTP/1.0\r\nhost: moto\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let data: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let mut sent = data["ses"]["Message"].as_array().cloned().unwrap_or_default();
        for message in &mut sent {
            message.as_object_mut().expect("a message").remove("id");
        }
        sent
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

/// SES at `port`; the SDK tries twice.
pub(crate) fn ses(port: u16) -> aws_sdk_sesv2::Client {
    let config = aws_sdk_sesv2::Config::builder()
        .behavior_version(aws_sdk_sesv2::config::BehaviorVersion::latest())
        .region(aws_sdk_sesv2::config::Region::new("us-east-1"))
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::standard().with_max_attempts(2))
        .build();
    aws_sdk_sesv2::Client::from_conf(config)
}

fn kms_client(port: u16) -> aws_sdk_kms::Client {
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(aws_sdk_kms::config::BehaviorVersion::latest())
        .region(aws_sdk_kms::config::Region::new("us-east-1"))
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .build();
    aws_sdk_kms::Client::from_conf(config)
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
