//! What the audit log costs a write, and how fast it is sealed, read, verified and proven.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use testkit::{Firm, TestApp};
use wealth_core::audit::{Hash, LogVerifier, Record, node_hash, verify_inclusion};

use crate::load::{Connection, send};
use crate::report::{Limit, Report, median};
use crate::server::Server;
use crate::world::World;

/// Writes of a series; the two kinds take turns.
const WRITES: u32 = 60;
const SERIES: u32 = 6;
/// Events of the log that is sealed.
const EVENTS: u32 = 50_000;
/// Of which so many are proven.
const PROOFS: usize = 500;

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section("A write with its audit beside the same write without");
    overhead(report).await.context("overhead")?;
    report.section(&format!("Sealing, verifying and proving {EVENTS} events"));
    log(report).await.context("the log")
}

/// Takes the audit off a database: no trigger of its schema fires, and no event is kept.
const WITHOUT: &str = "
do $$
declare
    r record;
begin
    for r in select t.tgname, t.tgrelid::regclass as place
               from pg_trigger t
               join pg_proc f on f.oid = t.tgfoid
               join pg_class c on c.oid = t.tgrelid
              where not t.tgisinternal and t.tgparentid = 0 and f.pronamespace = 'audit'::regnamespace
                and c.relnamespace <> 'audit'::regnamespace loop
        execute format('drop trigger %I on %s', r.tgname, r.place);
    end loop;
end
$$;
create rule nothing as on insert to audit.audit_events do instead nothing";

struct Side {
    world: World,
    server: Server,
    token: String,
    times: [Vec<f64>; 2],
}

impl Side {
    async fn new(audited: bool) -> Result<Self> {
        let world = World::new().await?;
        if !audited {
            world.superuser.batch_execute(WITHOUT).await.context("no audit")?;
        }
        let server = Server::ours(&world.url(world.port), 1).await?;
        let token = world.token();
        Ok(Self { world, server, token, times: Default::default() })
    }

    /// Creates products and sets rates, one after the other.
    async fn series(&mut self, number: u32) -> Result<()> {
        let mut connection = Connection::open(self.server.port).await?;
        let rates = format!("{}/rates", self.world.path());
        for n in number * WRITES..(number + 1) * WRITES {
            let product = format!(
                r#"{{"cusip":"{}","product_name":"P{n}","product_type":"CD","base_rate":"4"}}"#,
                testkit::cusip(1_000 + n)
            );
            let key = format!("idempotency-key: audit-{n}\r\n");
            let post = send("POST", "/v1/products", &self.token, &key, &product);
            let rate = format!(r#"{{"base_rate":"5.{n:04}"}}"#);
            let put = send("PUT", &rates, &self.token, "if-match: *\r\n", &rate);
            for (place, (request, status)) in [(post, "201"), (put, "200")].iter().enumerate() {
                let started = Instant::now();
                connection.call(request, status).await?;
                self.times[place].push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
        Ok(())
    }
}

async fn overhead(report: &mut Report) -> Result<()> {
    let (mut with, mut without) = (Side::new(true).await?, Side::new(false).await?);
    for number in 0..SERIES {
        with.series(number).await?;
        without.series(number).await?;
    }
    let count = "select count(*) from audit.audit_events";
    let kept = without.world.superuser.query_typed(count, &[]).await?[0].get::<_, i64>(0);
    let all = with.world.superuser.query_typed(count, &[]).await?[0].get::<_, i64>(0);
    ensure!(all - kept >= i64::from(2 * WRITES * SERIES), "{all} events with, {kept} without");
    for (place, name) in ["create a product", "set a rate"].iter().enumerate() {
        let (ours, bare) = (
            median(std::mem::take(&mut with.times[place])),
            median(std::mem::take(&mut without.times[place])),
        );
        report.figure(&format!("  {name}, without audit"), bare, "ms", Limit::None);
        report.figure(&format!("{name}, audited"), ours, "ms", Limit::None);
        report.figure(&format!("{name}, audited against without"), ours / bare, "x", Limit::None);
    }
    with.server.stop().await?;
    without.server.stop().await
}

/// Seconds of some work.
async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(T, f64)> {
    let started = Instant::now();
    let done = work.await?;
    Ok((done, started.elapsed().as_secs_f64()))
}

async fn log(report: &mut Report) -> Result<()> {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_id, actor_type, actor_label, action, resource_type,
             resource_id, ip_address, user_agent, request_id, old_values, new_values)
         select '{}', '00000000-0000-7000-9000-000000000a01', 'user', 'Ada admin', 'products.updated', 'products',
                gen_random_uuid()::text, '203.0.113.7', 'bench', gen_random_uuid(),
                v || '{{\"base_rate\": 4.1000}}', v || '{{\"base_rate\": 4.2000}}'
           from generate_series(1, {EVENTS}) n,
                lateral (select jsonb_build_object('product_name', 'Harbor CD ' || n, 'cusip', n::text,
                    'minimum_investment', 1000.00, 'description', repeat('word ', 20)) as v) x",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let superuser = app.database.superuser().await;
    superuser.batch_execute("vacuum analyze audit.audit_events").await?;
    let per_second = |seconds: f64| f64::from(EVENTS) / seconds;
    let copy = "copy (select * from audit.audit_events) to stdout (format binary)";
    let (_, copied) = timed(async {
        let chunks = superuser.copy_out(copy).await?;
        Ok(chunks.try_fold(0, |n, chunk: Bytes| std::future::ready(Ok(n + chunk.len()))).await?)
    })
    .await?;
    let ((), sealed) = timed(async {
        app.seal().await;
        Ok(())
    })
    .await?;
    let (records, exported) = timed(export(&app)).await?;
    let leaves = leaves(&records)?;
    let (_, bare) =
        timed(async { Ok(leaves.iter().fold(0_u8, |x, leaf| x ^ Sha256::digest(leaf)[0])) })
            .await?;
    let (_, verified) = timed(async { verified(&records) }).await?;
    report.figure("  SHA-256 of the leaves, one thread", per_second(bare), "events/s", Limit::None);
    report.figure("  COPY of the events, binary", per_second(copied), "events/s", Limit::None);
    report.figure("sealing", per_second(sealed), "events/s", Limit::None);
    report.figure("sealing against COPY", sealed / copied, "x", Limit::None);
    report.figure("export, NDJSON", per_second(exported), "events/s", Limit::None);
    report.figure("export against COPY", exported / copied, "x", Limit::None);
    report.figure("verifying an export", per_second(verified), "events/s", Limit::None);
    report.figure("verifying against SHA-256", verified / bare, "x", Limit::None);
    proofs(report, &app, &records).await
}

async fn export(app: &TestApp) -> Result<Vec<Record>> {
    let (mut records, mut path) = (Vec::new(), "/v1/audit/export?limit=1000".to_owned());
    loop {
        let answer = app.system_admin().get(&path).await.expect(200);
        for line in answer.bytes.split(|byte| *byte == b'\n') {
            if line.starts_with(br#"{"leaf_index""#) {
                records.push(serde_json::from_slice(line)?);
            }
        }
        let link = answer.header("link");
        let Some((next, _)) = link.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
            ensure!(records.len() >= EVENTS as usize, "{} events", records.len());
            return Ok(records);
        };
        path = next.to_owned();
    }
}

fn leaves(records: &[Record]) -> Result<Vec<String>> {
    let leaf = |record: &Record| Ok(record.event.as_ref().context("an event")?.leaf()?.text());
    records.iter().map(leaf).collect()
}

fn verified(records: &[Record]) -> Result<()> {
    let mut log = LogVerifier::new(Firm::Meridian.tenant_id());
    for record in records {
        log.push(record, None)?;
    }
    ensure!(log.finish()?.size >= u64::from(EVENTS), "a shorter log");
    Ok(())
}

/// What an inclusion proof costs the server beside a plain read of the event, and its reader beside
/// the hashes that it takes.
async fn proofs(report: &mut Report, app: &TestApp, records: &[Record]) -> Result<()> {
    let (admin, mut reads, mut proofs) = (app.system_admin(), Vec::new(), Vec::new());
    let mut found: Vec<Value> = Vec::new();
    for record in records.iter().step_by(records.len() / PROOFS) {
        let path = format!("/v1/audit/events/{}", record.event_id);
        for (times, path) in [(&mut reads, path.clone()), (&mut proofs, path + "/inclusion-proof")]
        {
            let started = Instant::now();
            let answer = admin.get(&path).await.expect(200);
            times.push(started.elapsed().as_secs_f64() * 1e3);
            if path.ends_with("proof") {
                found.push(answer.body);
            }
        }
    }
    let (read, prove) = (median(reads), median(proofs));
    report.figure("  read an event", read, "ms", Limit::None);
    report.figure("prove an event", prove, "ms", Limit::None);
    report.figure("prove against read", prove / read, "x", Limit::None);
    let hash = |value: &Value| Ok::<Hash, anyhow::Error>(serde_json::from_value(value.clone())?);
    let (mut checked, mut bare) = (0.0, 0.0);
    for proof in &found {
        let path = proof["proof"].as_array().context("hashes")?;
        let path = path.iter().map(hash).collect::<Result<Vec<Hash>>>()?;
        let (leaf, root) = (hash(&proof["leaf_hash"])?, hash(&proof["checkpoint"]["root"])?);
        let index = proof["leaf_index"].as_u64().context("an index")?;
        let size = proof["checkpoint"]["size"].as_u64().context("a size")?;
        let started = Instant::now();
        verify_inclusion(&leaf, index, size, &path, &root)?;
        checked += started.elapsed().as_secs_f64();
        let started = Instant::now();
        std::hint::black_box(path.iter().fold(leaf, |head, beside| node_hash(&head, beside)));
        bare += started.elapsed().as_secs_f64();
    }
    #[allow(clippy::cast_precision_loss, reason = "a few hundred")]
    let each = found.len() as f64;
    report.figure("check a proof", checked / each * 1e6, "us", Limit::None);
    report.figure("check a proof against its hashes", checked / bare, "x", Limit::None);
    Ok(())
}
