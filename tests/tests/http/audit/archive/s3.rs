//! A bucket with Object Lock, emulated by moto: what is archived cannot be deleted, and what could
//! be is not archived.

use std::path::PathBuf;

use serde_json::{Value, json};
use testkit::watched::{Watched, free_port};
use testkit::{TestApp, audit_key};
use tokio::process::Command;

use super::{MONTH, old_month, state, table};
use crate::audit::{firm, head};
use crate::imports::program;

struct Bucket {
    port: u16,
    folder: PathBuf,
    _moto: Watched,
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Bucket {
    /// A bucket, with Object Lock or without.
    async fn new(locks: bool) -> Self {
        let root = wealth::postgres::project_root().expect("the project");
        let program = root.join(".local/venv-moto/bin/moto_server");
        assert!(program.is_file(), "moto_server: run .ci/tools test");
        let port = free_port();
        let folder =
            std::env::temp_dir().join(format!("wealth-bucket-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("key.json"), audit_key()).expect("a key");
        let arguments = ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned);
        let moto = Watched::start(&program, &arguments, port, &folder.join("moto.log")).await;
        let bucket = Self { port, folder, _moto: moto };
        let locks = if locks { "True" } else { "False" };
        bucket
            .script(&format!(
                "s3.create_bucket(Bucket='archive', ObjectLockEnabledForBucket={locks})"
            ))
            .await;
        bucket
    }

    /// What a line of Python says with `s3`, a client of the bucket.
    async fn script(&self, line: &str) -> Value {
        let root = wealth::postgres::project_root().expect("the project");
        let text = format!(
            "import boto3, json\n\
             s3 = boto3.client('s3', endpoint_url='http://127.0.0.1:{}', region_name='us-east-1')\n\
             answer = {line}\n\
             print(json.dumps(answer, default=str))",
            self.port
        );
        let mut python = Command::new(root.join(".local/venv-moto/bin/python"));
        let python = python.args(["-c", &text]).envs(Self::credentials());
        let out = python.output().await.expect("python");
        if !out.status.success() {
            let error = String::from_utf8_lossy(&out.stderr).into_owned();
            return json!({"error": error.lines().last().unwrap_or_default()});
        }
        serde_json::from_slice(&out.stdout).expect("JSON")
    }

    fn credentials() -> [(&'static str, &'static str); 3] {
        [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ]
    }

    /// `wealth audit …` with the bucket as archive.
    async fn wealth(&self, app: &TestApp, lock: &str, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(program().await);
        command
            .arg("audit")
            .args(arguments)
            .envs(Self::credentials())
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port))
            .env("AWS_ALLOW_HTTP", "true")
            .env("AUDIT_ARCHIVE", "s3://archive/audit")
            .env("AUDIT_ARCHIVE_LOCK", lock)
            .env("AUDIT_ORIGIN", testkit::ISSUER)
            .env("AUDIT_KEY_FILE", self.folder.join("key.json"))
            .env("DATABASE_URL", app.database.url(testkit::database::LOGIN).await)
            .env("DB_ALLOW_BELOW_FLOOR", "1")
            .env_remove("WEALTH_AS");
        let out = command.output().await.expect("the program");
        let text = [out.stdout, out.stderr].concat();
        (out.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}

#[tokio::test]
async fn what_goes_to_a_bucket_is_locked_until_its_time() {
    let bucket = Bucket::new(true).await;
    let app = old_month(12).await;
    let (fine, said) = bucket.wealth(&app, "COMPLIANCE", &["archive", "run"]).await;
    assert!(fine && said.contains("2025-09 has left the database"), "{said}");
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("dropped"), "gone"));
    let (fine, said) = bucket.wealth(&app, "COMPLIANCE", &["archive", "list"]).await;
    assert!(fine && said.contains("2025-09 dropped: 18 events of 3 logs in "), "{said}");

    let keys =
        "[o['Key'] for o in s3.list_objects_v2(Bucket='archive', Prefix='audit/')['Contents']]";
    let keys = bucket.script(keys).await;
    let keys: Vec<&str> = keys.as_array().expect("keys").iter().filter_map(Value::as_str).collect();
    let folder = format!("audit/{}/events/{MONTH}/", firm());
    let of_the_month: Vec<_> = keys.iter().filter(|key| key.starts_with(&folder)).collect();
    assert_eq!(of_the_month.len(), 3, "{keys:?}");
    for key in of_the_month {
        let lock = bucket.script(&format!("s3.head_object(Bucket='archive', Key='{key}')")).await;
        assert_eq!(lock["ObjectLockMode"], "COMPLIANCE", "{key}: {lock}");
        let until = lock["ObjectLockRetainUntilDate"].as_str().expect("a date");
        assert!(until.starts_with("2032-10-01"), "{lock}");
        let version = format!(
            "s3.list_object_versions(Bucket='archive', Prefix='{key}')['Versions'][0]['VersionId']"
        );
        let gone = bucket
            .script(&format!("s3.delete_object(Bucket='archive', Key='{key}', VersionId={version}, BypassGovernanceRetention=True)"))
            .await;
        assert!(gone["error"].as_str().expect("a refusal").contains("AccessDenied"), "{gone}");
    }

    // It is read from there: verified, searched, brought back.
    let trusted = head(&app).await;
    let file = bucket.folder.join("trusted");
    std::fs::write(&file, trusted["note"].as_str().expect("a note")).expect("a file");
    let key = trusted["verifier_key"].as_str().expect("a key");
    let verify = ["verify", "--key", key, "--trusted", file.to_str().expect("text")];
    // Tiles and heads went to the archive in memory; the bucket's own head is what verify needs.
    let (fine, said) = bucket.wealth(&app, "", &verify).await;
    assert!(!fine && said.contains("the archive's head is missing"), "{said}");
    let services = seal_into(&bucket, &app).await;
    assert!(services, "the sealing function archives heads and tiles");
    let (fine, said) = bucket.wealth(&app, "", &verify).await;
    assert!(fine && said.contains("12 archived events of 1 months"), "{said}");
    let (fine, said) = bucket
        .wealth(&app, "", &["archive", "query", "--tenant", &firm(), "--outcome", "denied"])
        .await;
    assert!(fine && said.lines().count() == 1, "{said}");
    let (fine, said) = bucket.wealth(&app, "", &["archive", "restore", MONTH]).await;
    assert!(fine && said.contains("2025-09 is in the log again with 18 events"), "{said}");
    let (fine, said) = bucket.wealth(&app, "COMPLIANCE", &["archive", "release", MONTH]).await;
    assert!(fine && said.contains("2025-09 has left the database"), "{said}");
}

/// Copies heads and tiles from the archive in memory.
async fn seal_into(bucket: &Bucket, app: &TestApp) -> bool {
    let tenant = firm();
    let head =
        app.seals.archive.object(&format!("{tenant}/checkpoint")).await.expect("the archive");
    let size =
        wealth_core::audit::Note::parse(&String::from_utf8_lossy(&head.clone().expect("a head")));
    let size: u64 =
        size.expect("a note").text.lines().nth(1).expect("a size").parse().expect("a size");
    let tile = format!("{tenant}/tile/0/000.p/{size}");
    let bytes = app.seals.archive.object(&tile).await.expect("the archive").expect("a tile");
    for (name, bytes) in [(format!("{tenant}/checkpoint"), head.expect("a head")), (tile, bytes)] {
        let body: Vec<String> = bytes.iter().map(u8::to_string).collect();
        let put = format!(
            "s3.put_object(Bucket='archive', Key='audit/{name}', Body=bytes([{}]))",
            body.join(",")
        );
        if bucket.script(&put).await.get("error").is_some() {
            return false;
        }
    }
    true
}

/// What was put without a lock, or with a softer one, does not count as archived.
#[tokio::test]
async fn a_month_that_could_be_deleted_is_not_dropped() {
    for first in ["", "GOVERNANCE"] {
        let bucket = Bucket::new(true).await;
        let app = old_month(3).await;
        // Written by somebody who did not lock it, or not as hard; then the way is asked for again.
        app.execute(
            "create or replace function audit.partition_may_go(p_partition text) returns boolean
                     language sql stable as $$ select false $$",
        )
        .await;
        let (fine, said) = bucket.wealth(&app, first, &["archive", "run"]).await;
        assert!(fine, "{said}");
        app.execute(
            "update audit.archive_months set state = 'written';
                     update audit.archive_files set verified = false;
                     update audit.archive_logs set verified = false",
        )
        .await;
        let (fine, said) = bucket.wealth(&app, "COMPLIANCE", &["archive", "run"]).await;
        assert!(!fine && said.contains("the archive's lock: "), "{said}");
        assert_eq!(
            (state(&app).await.as_deref(), table(&app).await),
            (Some("written"), "attached")
        );
    }
    // A bucket that cannot lock takes nothing that is to be locked.
    let bucket = Bucket::new(false).await;
    let app = old_month(3).await;
    let (fine, said) = bucket.wealth(&app, "COMPLIANCE", &["archive", "run"]).await;
    assert!(!fine, "{said}");
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("writing"), "attached"));
    let (fine, said) = bucket.wealth(&app, "FOREVER", &["archive", "run"]).await;
    assert!(
        !fine
            && said
                .contains("AUDIT_ARCHIVE_LOCK: the archive's lock: takes GOVERNANCE or COMPLIANCE"),
        "{said}"
    );
}

/// Seventy years in COMPLIANCE mode could not be taken back.
#[tokio::test]
async fn nothing_is_locked_for_longer_than_anybody_means() {
    let bucket = Bucket::new(true).await;
    let app = old_month(3).await;
    let months = audit::months::Months::new(&app.app, &app.seals);
    months.step(None).await.expect("a step");
    app.execute("update audit.archive_logs set keep_until = now() + interval '70 years'").await;
    let (fine, said) = bucket.wealth(&app, "COMPLIANCE", &["archive", "run"]).await;
    assert!(!fine && said.contains("the archive's lock: it would last until"), "{said}");
    assert_eq!(table(&app).await, "attached");
}
