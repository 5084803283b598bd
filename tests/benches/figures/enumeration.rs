//! Whether the time of an answer tells if an address has an account. Known and unknown addresses
//! are asked in turns; the Mann-Whitney U test says how likely the difference is to be chance. That
//! both sides do the same work is a test (tests/http/users/alike.rs), and that the answer is held back;
//! what is left of the difference is not.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testkit::statistics::mann_whitney;
use testkit::{Firm, TestApp, local};

use crate::report::{Limit, Report, median};

/// People with accounts; each is asked for a few times only, so that no limit is reached.
const PEOPLE: usize = 400;
/// Forgotten at the start: connections, plans, caches.
const WARM_UP: usize = 20;
/// Below this, the difference is not taken for chance.
const SUSPICIOUS: f64 = 0.01;

/// A call that must not tell.
struct Call {
    name: &'static str,
    path: &'static str,
    status: u16,
    rounds: usize,
    body: fn(&str) -> Value,
}

const CALLS: [Call; 3] = [
    Call {
        name: "sign-in, wrong password",
        path: "/v1/auth/sign-in",
        status: 401,
        rounds: 300,
        body: |email| json!({"email": email, "password": "not her password at all"}),
    },
    Call {
        name: "recover",
        path: "/v1/auth/recover",
        status: 202,
        rounds: 300,
        body: |email| json!({"email": email}),
    },
    Call {
        name: "register",
        path: "/v1/auth/register",
        status: 202,
        rounds: 300,
        body: |email| {
            json!({"email": email, "password": local::PASSWORD, "first_name": "Ada",
                "last_name": "Byron", "tenant": Firm::Meridian.tenant_id()})
        },
    },
];

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section("Time of an answer: known against unknown address, in turns");
    for call in &CALLS {
        // Each call has a database of its own: what one leaves behind is no part of another.
        let app = TestApp::new().await.holding_back(users::Settings::ANSWER_AFTER);
        local::seed_people(&app, PEOPLE).await;
        app.execute("vacuum analyze").await;
        let (known, unknown) = times(&app, call).await?;
        let (test, name) = (mann_whitney(&known, &unknown), call.name);
        let (known, unknown) = (median(known), median(unknown));
        report.figure(
            &format!("{name}: p that it is chance"),
            test.p,
            "",
            Limit::AtLeast(SUSPICIOUS),
        );
        report.figure(
            &format!("{name}: known less unknown, median"),
            known - unknown,
            "us",
            Limit::None,
        );
        report.figure(&format!("{name}: unknown, median"), unknown, "us", Limit::None);
    }
    Ok(())
}

/// Microseconds of each call with a known and with an unknown address.
async fn times(app: &TestApp, call: &Call) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + call.rounds {
        // Which comes first changes from round to round.
        for is_known in [round % 2 == 0, round % 2 != 0] {
            let email = if is_known {
                local::person(round % PEOPLE)
            } else {
                format!("nobody-{round}@people.test")
            };
            // Each from a network of its own, so that no limit is reached.
            let [.., a, b, c] = (2 * round + usize::from(is_known)).to_be_bytes();
            let client = app.anonymous().from(&format!("10.{a}.{b}.{c}"));
            let body = (call.body)(&email);
            let started = Instant::now();
            let answer = client.post(call.path, body).await;
            let micros = started.elapsed().as_secs_f64() * 1e6;
            ensure!(
                answer.status == call.status,
                "{}: {} {}",
                call.name,
                answer.status,
                answer.body
            );
            if round >= WARM_UP {
                if is_known { &mut known } else { &mut unknown }.push(micros);
            }
        }
    }
    Ok((known, unknown))
}
