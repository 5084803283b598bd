//! The registry of jobs, the schedules of the template, the recorded events, the list in the
//! documents and the alarms' patterns: one list.

use std::collections::{BTreeMap, BTreeSet};

use jobs::JOBS;
use regex::Regex;
use serde_json::Value;

use crate::{read, root};

/// `turn-availability` as the template calls it.
fn camel(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(word).collect()
}

#[test]
fn every_job_has_its_schedule_and_every_schedule_its_job() {
    let text = read("infra/events.yaml");
    let row = Regex::new(
        r#"(?m)^    (\w+): \{Name: ([a-z-]+), Schedule: "?([^"]+?)"?, TimeZone: (\S+), MaximumAge: "(\d+)"\}$"#,
    )
    .expect("a pattern");
    let table: BTreeMap<String, [String; 3]> = row
        .captures_iter(&text)
        .map(|row| (row[1].to_owned(), [2, 3, 4].map(|part| row[part].to_owned())))
        .collect();
    let wanted = JOBS
        .iter()
        .map(|job| (camel(job.name), [job.name, job.schedule, job.zone].map(str::to_owned)));
    assert_eq!(table, wanted.collect());
    // The table is one thing, the loop over it another.
    let (_, list) = text.split_once("Fn::ForEach::Schedules:").expect("the loop");
    let (list, _) = list.split_once("- ${Job}Schedule:").expect("its body");
    let looped: BTreeSet<String> = Regex::new("[A-Z][A-Za-z]+[a-z]")
        .expect("a pattern")
        .find_iter(list)
        .map(|it| it.as_str().to_owned())
        .collect();
    let looped: BTreeSet<String> = looped.into_iter().filter(|name| name != "Job").collect();
    assert_eq!(looped, table.keys().cloned().collect());
}

#[test]
fn a_schedule_sends_what_is_recorded() {
    let text = read("infra/events.yaml");
    let (_, rest) = text.split_once("Input: !Sub\n              - >-").expect("the input");
    let (input, _) = rest.split_once("              - Name:").expect("its end");
    let folded: String = input.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    for job in JOBS {
        let sent = folded.replace("${Name}", job.name);
        let mut sent: Value = serde_json::from_str(&sent).expect("JSON");
        let recorded = read(&format!("events/jobs/{}.json", job.name));
        let recorded: Value = serde_json::from_str(&recorded).expect("JSON");
        // What Scheduler itself puts in.
        for (place, name) in [
            ("/id", "execution-id"),
            ("/time", "scheduled-time"),
            ("/detail/attempt", "attempt-number"),
        ] {
            let value = sent.pointer_mut(place).expect(place);
            assert_eq!(*value, format!("<aws.scheduler.{name}>"), "{place}");
            *value = recorded.pointer(place).expect(place).clone();
        }
        assert_eq!(sent, recorded, "{}", job.name);
    }
    let files = std::fs::read_dir(root().join("events/jobs")).expect("the events");
    let names = files.map(|file| file.expect("a file").path());
    let names: BTreeSet<String> = names
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let wanted = JOBS.iter().map(|job| job.name).chain(["foreign", "malformed"]);
    assert_eq!(names, wanted.map(str::to_owned).collect());
}

#[test]
fn the_documents_list_every_job() {
    let text = read("docs/runbooks/jobs.md");
    for job in JOBS {
        let line = format!("| `{}` | `{}` | {} |", job.name, job.schedule, job.about);
        assert!(text.contains(&line), "docs/runbooks/jobs.md has no line\n{line}");
    }
    assert_eq!(text.lines().filter(|line| line.starts_with("| `")).count(), JOBS.len());
}

/// An alarm that listens for what is never said rings never.
#[test]
fn the_alarms_listen_for_what_a_run_says() {
    let (said, listened) = (read("crates/jobs/src/run.rs"), read("infra/functions.yaml"));
    for (line, pattern) in [
        (r#"state, why, "job failed")"#, r#"{ $.message = "job failed" && $.state = "failed" }"#),
        (r#"alarm, "job alarm")"#, r#"{ $.message = "job alarm" }"#),
        (
            r#"state = "done", %counts, "job")"#,
            r#"{ $.message = "job" && $.job = "seal-audit" && $.state = "done" }"#,
        ),
    ] {
        assert!(said.contains(line), "{line} is not said");
        assert!(listened.contains(pattern), "nothing listens for {pattern}");
    }
}

/// What is said is heard at the least of the levels that a deployment may choose.
#[test]
fn no_level_of_the_log_silences_what_the_alarms_listen_for() {
    let template = read("infra/template.yaml");
    let (_, level) = template.split_once("  LogLevel:\n").expect("the parameter");
    let (_, values) = level.split_once("AllowedValues: [").expect("its values");
    let (values, _) = values.split_once(']').expect("their end");
    assert_eq!(values, "info, debug");
}
