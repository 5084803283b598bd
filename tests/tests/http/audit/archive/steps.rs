//! Every step is committed before the next one begins, and whatever dies loses nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::months::manifest::{Manifest, sha256};
use audit::months::{Months, Step};
use object_store::memory::InMemory;
use serde_json::json;
use testkit::Firm;
use wealth_core::problem;

use super::{
    MONTH, PLATFORM, archive, day, in_archive, in_database, object, old_month, old_month_in, state,
    steps, table, write,
};
use crate::audit::{firm, head, key};

#[tokio::test]
async fn a_month_that_is_old_enough_leaves_the_database_as_it_was() {
    let app = old_month(20).await;
    let before = in_database(&app).await;
    assert_eq!(before.len(), 20 + 6 + 2);
    let done = archive(&app).await;
    assert_eq!((done.rows, done.dropped, done.waiting), (28, vec![day()], None));
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("dropped"), "gone"));
    let mut there = Vec::new();
    for tenant in [firm(), Firm::Harbour.tenant_id().to_string(), PLATFORM.to_owned()] {
        let records = in_archive(&app, &tenant).await;
        assert!(records.windows(2).all(|two| two[0].leaf_index < two[1].leaf_index));
        for record in records {
            assert_eq!(record.sound(tenant.parse().unwrap(), None), Ok(record.leaf_hash));
            there.push(record.event.expect("an event").event_id.to_string());
        }
    }
    there.sort();
    let ids: Vec<_> = before.iter().map(|row| row["event"]["event_id"].as_str().unwrap()).collect();
    assert_eq!(there, ids);
    // Nothing is due any more; the month before this one is not old enough.
    assert_eq!(archive(&app).await, audit::months::Archived::default());
    // The log tells what became of its month, and of no other's.
    let told = app
        .sql("select tenant_id, action, resource_id, details ->> 'rows' as rows from audit.audit_events
              where action like 'audit\\_log.%' order by occurred_at")
        .await;
    let harbour = Firm::Harbour.tenant_id().to_string();
    assert_eq!(
        json!(told),
        json!([
            {"tenant_id": PLATFORM, "action": "audit_log.archived", "resource_id": MONTH, "rows": "2"},
            {"tenant_id": firm(), "action": "audit_log.archived", "resource_id": MONTH, "rows": "20"},
            {"tenant_id": harbour, "action": "audit_log.archived", "resource_id": MONTH, "rows": "6"},
            {"tenant_id": PLATFORM, "action": "audit_log.month_dropped", "resource_id": MONTH, "rows": "28"},
        ])
    );
}

#[tokio::test]
async fn the_steps_come_in_their_order_and_files_are_bounded() {
    let app = old_month(20).await;
    let wrote = |rows| Step::Wrote { month: day(), rows };
    let month = day();
    let expected = [
        Step::Begun(month),
        wrote(2),
        Step::Written(month),
        wrote(8),
        wrote(8),
        wrote(4),
        Step::Written(month),
        wrote(6),
        Step::Written(month),
        Step::Verified(month),
        Step::Proven(month),
        Step::Verified(month),
        Step::Verified(month),
        Step::Verified(month),
        Step::Proven(month),
        Step::Verified(month),
        Step::Proven(month),
        Step::Detached(month),
        Step::Dropped(month),
    ];
    assert_eq!(steps(&app, 8).await, expected);
    let folder = format!("{}/events/{MONTH}", firm());
    let text = object(&app, &format!("{folder}/manifest.json")).await;
    let manifest = Manifest::read(MONTH, &text).expect("a manifest");
    let leaves: Vec<_> = manifest.files.iter().flat_map(|file| file.runs.clone()).collect();
    let files: Vec<_> = manifest.files.iter().map(|file| file.rows).collect();
    assert_eq!((manifest.rows, files), (20, vec![8, 8, 4]));
    assert_eq!(leaves.iter().map(|(_, count)| count).sum::<u64>(), 20);
    assert_eq!(manifest.first_at, format!("{MONTH}-01T00:07:00.123456Z"));
    assert_eq!(manifest.keep_until, "2032-10-01T00:00:00.000000Z");
    assert_eq!(manifest.previous, None);
    for file in &manifest.files {
        let bytes = object(&app, &format!("{folder}/{}", file.name)).await;
        assert_eq!((sha256(&bytes), bytes.len() as u64), (file.sha256, file.bytes));
    }
    let note = object(&app, &format!("{folder}/manifest.note")).await;
    let note = String::from_utf8(note.to_vec()).unwrap();
    let key = key(&head(&app).await);
    assert_eq!(Manifest::signed_by(MONTH, &text, &note, &[key]), Ok(()));
}

/// What a firm keeps longer is locked for longer, and no other's.
#[tokio::test]
async fn a_month_is_locked_as_long_as_its_firm_keeps_it() {
    let app = old_month(3).await;
    let longer = json!({"months": 120, "reason": "Limitation in our state"});
    let path = "/v1/audit/retention-policies/audit_event";
    app.system_admin().put(path, longer, "*").await.expect(200);
    archive(&app).await;
    let kept = "select tenant_id, keep_until from audit.archive_logs order by tenant_id";
    let log = |tenant: String, until: &str| json!({"tenant_id": tenant, "keep_until": until});
    assert_eq!(
        app.sql(kept).await,
        [
            log(PLATFORM.to_owned(), "2032-10-01T00:00:00+00:00"),
            log(firm(), "2035-10-01T00:00:00+00:00"),
            log(Firm::Harbour.tenant_id().to_string(), "2032-10-01T00:00:00+00:00"),
        ]
    );
}

/// A hot period is data.
#[tokio::test]
async fn what_is_hot_stays() {
    let app = old_month(3).await;
    app.execute("update audit.archive_settings set hot_months = 14").await;
    assert_eq!(archive(&app).await, audit::months::Archived::default());
    assert_eq!((state(&app).await, table(&app).await), (None, "attached"));
    let unfit = "update audit.archive_settings set keep_years = 6";
    assert!(app.database.superuser().await.batch_execute(unfit).await.is_err());
}

#[tokio::test]
async fn a_month_with_events_that_wait_for_their_leaf_waits() {
    let app = old_month(3).await;
    write(&app, &firm(), 1).await;
    let done = archive(&app).await;
    assert!(done.waiting.expect("a reason").contains("not sealed"), "and nothing has changed");
    assert_eq!((state(&app).await, table(&app).await), (None, "attached"));
    write(&app, &firm(), 1).await;
    app.seal().await;
    assert_eq!(archive(&app).await.rows, 3 + 2 + 1 + 2);
}

/// Once it is known what goes, nothing is put beside it.
#[tokio::test]
async fn a_month_that_is_begun_takes_no_more_events() {
    let app = old_month(3).await;
    let months = Months::new(&app.app, &app.seals);
    assert_eq!(months.step(None).await.unwrap(), Some(Step::Begun(day())));
    let late = format!(
        "insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
         values ('{}', 'system', 'came.late', '{MONTH}-30T12:00:00Z')",
        firm()
    );
    let refused = app.database.superuser().await.batch_execute(&late).await.unwrap_err();
    assert_eq!(refused.code().map(|code| code.code()), Some("WA403"));
}

#[tokio::test]
async fn an_event_that_is_gone_or_changed_stops_the_archive_before_anything_leaves() {
    for (change, stops_at) in [
        (
            "delete from audit.audit_events where event_id = (select min(event_id::text)::uuid from audit.audit_events where occurred_at < '2025-10-01')",
            None,
        ),
        (
            "update audit.audit_events set actor_label = 'x' where event_id = (select min(event_id::text)::uuid from audit.audit_events where occurred_at < '2025-10-01')",
            Some("written"),
        ),
    ] {
        let app = old_month(5).await;
        app.execute(&format!(
            "alter table audit.audit_events disable trigger user; {change}; \
             alter table audit.audit_events enable always trigger audit_events_append_only, \
             enable always trigger audit_events_no_truncate"
        ))
        .await;
        let refused = super::tried(&app).await.unwrap_err();
        assert_eq!(refused.code(), &problem::CHAIN_BROKEN);
        assert_eq!(state(&app).await.as_deref(), stops_at);
        assert_eq!(table(&app).await, "attached");
    }
}

/// What holds a month back holds it at its last two steps, and no other month with it.
#[tokio::test]
async fn a_month_that_is_held_stays() {
    let app = old_month(3).await;
    app.execute(
        "create or replace function audit.partition_may_go(p_partition text) returns boolean language sql stable
         as $$ select p_partition <> 'audit_events_2025_09' $$;
         select audit.ensure_partitions('2025-08-01', 1)",
    )
    .await;
    let done = archive(&app).await;
    assert_eq!(done.dropped, ["2025-08-01".parse().unwrap()]);
    assert_eq!(table(&app).await, "attached");
    let states = app.sql("select state from audit.archive_months order by month").await;
    assert_eq!(json!(states), json!([{"state": "dropped"}, {"state": "verified"}]));
    app.execute(
        "create or replace function audit.partition_may_go(p_partition text) returns boolean language sql stable
         as $$ select true $$",
    )
    .await;
    assert_eq!(archive(&app).await.dropped, [day()]);
}

/// The last look: events that no log knows of, which row security hides from whoever counts.
#[tokio::test]
async fn a_month_with_events_of_nobody_is_not_dropped() {
    let app = old_month(3).await;
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
         values ('00000000-0000-7000-8000-0000000000ff', 'system', 'x.done', '{MONTH}-02Z')"
    ))
    .await;
    let refused = super::tried(&app).await.unwrap_err();
    assert_eq!(refused.code(), &problem::CHAIN_BROKEN);
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("detached"), "beside"));
    let left = app.sql("select count(*) as n from audit.audit_events_2025_09").await;
    assert_eq!(left[0]["n"], 3 + 1 + 2 + 1);
}

/// Nobody who logs in reads a month that stands beside the log.
#[tokio::test]
async fn a_detached_month_is_open_to_nobody() {
    let app = old_month(3).await;
    let months = Months::new(&app.app, &app.seals);
    while !matches!(months.step(None).await.unwrap(), Some(Step::Detached(_))) {}
    assert_eq!(table(&app).await, "beside");
    let rights = app
        .sql("select relrowsecurity and relforcerowsecurity as fenced,
                     has_table_privilege('wealth_test', oid, 'select, insert, update, delete, truncate') as open
                from pg_class where oid = 'audit.audit_events_2025_09'::regclass")
        .await;
    assert_eq!(json!(rights), json!([{"fenced": true, "open": false}]));
}

/// A function is ended at its time: what the server still did then nobody would learn.
#[tokio::test]
async fn no_statement_of_a_run_outlives_its_end() {
    let app = old_month(3).await;
    app.execute(
        "create function public.slow() returns trigger language plpgsql as
             $$ begin perform pg_sleep(2.5); return new; end $$;
         create trigger slow before insert on audit.archive_months execute function public.slow()",
    )
    .await;
    let ends = Instant::now() + Duration::from_secs(1);
    let ending = Months::new(&app.app, &app.seals).ending(ends);
    let refused = ending.step(None).await.unwrap_err();
    assert_eq!(refused.code(), &problem::DEPENDENCY_UNAVAILABLE);
    assert_eq!(state(&app).await, None);
    let endless = Months::new(&app.app, &app.seals);
    assert_eq!(endless.step(None).await.unwrap(), Some(Step::Begun(day())));
}

#[tokio::test]
async fn runs_at_once_do_each_step_once() {
    let app = old_month(40).await;
    let runs = (0..4).map(|_| async {
        let months = Months::new(&app.app, &app.seals).with_part_rows(7);
        let mut done = 0;
        // A run that meets another stands back, and comes again.
        for _ in 0..200 {
            match months.step(None).await.expect("a step") {
                Some(Step::Wrote { rows, .. }) => done += rows,
                Some(_) => {}
                None => break,
            }
        }
        done
    });
    let rows: u64 = futures_util::future::join_all(runs).await.into_iter().sum();
    assert_eq!((rows, table(&app).await), (40 + 13 + 2, "gone"));
    assert_eq!(in_archive(&app, &firm()).await.len(), 40);
}

/// The store fails at each of its calls, before it did what was asked and after; and the run dies
/// after each step. The next run goes on, and what there was is there.
#[tokio::test]
async fn a_run_that_dies_anywhere_loses_nothing() {
    let whole = old_month(10).await;
    let count = steps(&whole, 4).await.len();
    assert!(count > 15, "{count} steps");
    for point in 0..count {
        let app = old_month(10).await;
        let before = in_database(&app).await;
        for _ in 0..point {
            let months = Months::new(&app.app, &app.seals).with_part_rows(4);
            months.step(None).await.expect("a step");
        }
        // Either all of it is in the database still, or all of it is in the archive, verified.
        let here = in_database(&app).await;
        let archived = app
            .sql(
                "select coalesce(sum(rows), 0)::bigint as n from audit.archive_logs where verified",
            )
            .await;
        assert!(here == before || table(&app).await != "attached" && archived[0]["n"] == 15);
        steps(&app, 4).await;
        assert_eq!(in_archive(&app, &firm()).await.len(), 10, "{point}");
        assert_eq!(table(&app).await, "gone");
    }
}

#[tokio::test]
async fn an_archive_that_fails_at_any_call_loses_nothing() {
    for after in [false, true] {
        for call in 0.. {
            let fuse = Arc::new(super::super::fuse::Fuse::new(Arc::new(InMemory::new())));
            let app = old_month_in(fuse.clone(), 10).await;
            fuse.blow_at(call, after);
            let months = Months::new(&app.app, &app.seals).with_part_rows(4);
            let failed = loop {
                match months.step(None).await {
                    Ok(Some(_)) => {}
                    Ok(None) => break false,
                    Err(_) => break true,
                }
            };
            if !failed {
                assert!(call > 10, "the store was never asked");
                break;
            }
            assert_eq!((table(&app).await, in_database(&app).await.len()), ("attached", 15));
            fuse.mend();
            steps(&app, 4).await;
            assert_eq!((in_archive(&app, &firm()).await.len(), table(&app).await), (10, "gone"));
        }
    }
}
