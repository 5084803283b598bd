//! Scheduled jobs: each date once, whatever is delivered twice, dies half-way or was missed (threats
//! 26, 33).

mod cli;
mod dates;
mod each;
mod feed_pulls;
mod feeds;
mod leases;
mod partitions;
mod poison;
mod rates;
mod rates_in_parts;
mod reports;
mod tenants;

use std::time::{Duration, Instant};

use jobs::{Order, Report};
use serde_json::{Value, json};
use testkit::{Firm, TestApp, cusip};

/// The job that the tests of the machinery use: it writes an event for each window, and an event
/// that is written twice cannot be taken back.
const JOB: &str = "turn-availability";

/// Long enough for anything.
fn later() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn event(job: &str, at: &str) -> Value {
    let mut event = testkit::lambda::event(&format!("jobs/{job}"), &[]).expect("an event");
    event["time"] = json!(at);
    event
}

async fn send(app: &TestApp, event: Value) -> Result<Value, String> {
    let handled = jobs::on_event(app.app.clone(), app.jobs(), event, later()).await;
    handled.map_err(|problem| problem.cause().unwrap_or_default().to_owned())
}

/// Sets the clock and delivers the schedule's event of that instant.
async fn call(app: &TestApp, job: &str, at: &str) -> Result<Value, String> {
    app.clock.set(at.parse().expect("an instant"));
    send(app, event(job, at)).await
}

/// The same with the whole report.
async fn report(app: &TestApp, job: &str, at: &str) -> Report {
    app.clock.set(at.parse().expect("an instant"));
    let order = Order { scheduled: at.parse().expect("an instant"), tenant: None, date: None };
    let job = jobs::find(job).expect("a job");
    let done = jobs::run(&app.app, &app.jobs(), job, &order, later()).await;
    done.unwrap_or_else(|problem| panic!("{}", problem.summary()))
}

/// The runs of a job: firm's letter (`0` for the platform), date, state.
async fn runs(app: &TestApp, job: &str) -> Vec<String> {
    let query = format!(
        "select right(tenant_id::text, 1) || ' ' || business_date || ' ' || state as run
           from jobs.runs where job = '{job}' order by tenant_id, business_date, turn"
    );
    app.sql(&query).await.iter().map(|row| row["run"].as_str().expect("text").to_owned()).collect()
}

/// What the job told of a firm's windows: which kind, of which date, how often.
async fn told(app: &TestApp, firm: Firm) -> Vec<String> {
    let query = format!(
        "select split_part(action, '_', 2) || ' ' || (details ->> 'business_date') || ' ' || count(*) as line
           from audit.audit_events where tenant_id = '{}' and action like 'product.availability_%'
            and resource_type = 'product_availability' and actor_label = '{JOB}'
          group by action, details ->> 'business_date' order by details ->> 'business_date', action desc",
        firm.tenant_id()
    );
    app.sql(&query).await.iter().map(|row| row["line"].as_str().expect("text").to_owned()).collect()
}

/// A product of a firm with `number` windows of one day on each of the days.
async fn windows(app: &TestApp, firm: Firm, number: u32, days: &[&str]) {
    let admin = app.client(firm, "admin", &["ProductAdministrator"]);
    for product in 0..number {
        let body = json!({"cusip": cusip(product + 1), "product_name": "Sure", "product_type": "CD",
            "base_rate": "4.0000"});
        let made = admin.post("/v1/products", body).await.expect(201);
        let id = made.body["product_id"].as_str().expect("an id");
        for day in days {
            app.execute(&format!(
                "insert into products.product_availability (tenant_id, product_id, start_date, end_date, created_by)
                 values ('{}', '{id}', '{day}', '{day}', 'test')",
                firm.tenant_id()
            ))
            .await;
        }
    }
}

/// No batch of a firm can be kept.
async fn poison_batches(app: &TestApp, firm: Firm) {
    app.execute(&format!(
        "create function public.poison() returns trigger language plpgsql as
             $$ begin raise exception 'the well is poisoned'; end $$;
         create trigger poison before insert on rates.feed_batches for each row
            when (new.tenant_id = '{}') execute function public.poison()",
        firm.tenant_id()
    ))
    .await;
}

/// As if the process that had the run had died, and its lease had run out.
async fn lapse(app: &TestApp) {
    app.execute(
        "update jobs.runs set lease_until = now() - interval '1 s' where state = 'running'",
    )
    .await;
}
