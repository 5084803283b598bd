//! The templates, judged by AWS's own tools.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::{read, root};

/// A tool of the SAM environment: on PATH, or where `.ci/tools` puts it.
fn tool(name: &str) -> PathBuf {
    let ours = root().join(".local/venv-sam/bin").join(name);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = std::iter::once(ours).chain(on_path).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: run .ci/tools test"))
}

/// Runs a tool in `infra/` with nothing of the user's configuration.
fn run(name: &str, arguments: &[String]) -> Output {
    let home = root().join("target/tmp/infra-home");
    std::fs::create_dir_all(&home).expect("a home");
    Command::new(tool(name))
        .args(arguments)
        .current_dir(root().join("infra"))
        .env("HOME", &home)
        .env("SAM_CLI_TELEMETRY", "0")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .output()
        .expect(name)
}

fn assert_clean(name: &str, output: &Output) {
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let text = format!("{}{}", shown(&output.stdout), shown(&output.stderr));
    assert!(output.status.success(), "{name} {}:\n{text}", output.status);
}

fn templates() -> Vec<String> {
    let files = std::fs::read_dir(root().join("infra")).expect("infra");
    let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let mut templates: Vec<String> = names.filter(|name| name.ends_with(".yaml")).collect();
    templates.sort();
    assert!(templates.contains(&"template.yaml".to_owned()));
    templates
}

#[test]
fn cfn_lint_finds_nothing() {
    let output = run("cfn-lint", &templates());
    assert_clean("cfn-lint", &output);
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn sam_finds_the_template_valid() {
    // The nested stacks are what cfn-lint has just read; SAM is asked about what it transforms.
    for template in ["template.yaml", "functions.yaml"] {
        let arguments = ["validate", "--lint", "-t", template].map(str::to_owned);
        assert_clean(template, &run("sam", &arguments));
    }
}

#[test]
fn every_stack_is_part_of_the_template() {
    let main = read("infra/template.yaml");
    for template in templates().iter().filter(|name| *name != "template.yaml") {
        assert!(main.contains(template.as_str()), "{template} is not deployed");
    }
}

/// What the audit log's services read has to be given to them; a key's file is a developer's.
#[test]
fn every_setting_of_the_audit_log_can_be_given() {
    let (code, template) = (read("crates/audit/src/services.rs"), read("infra/functions.yaml"));
    let names = code.split("get(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let names: std::collections::BTreeSet<&str> = names.collect();
    assert!(names.len() > 4, "{names:?}");
    for name in names.into_iter().filter(|name| *name != "AUDIT_KEY_FILE") {
        assert!(template.contains(&format!("\n              {name}: ")), "{name} cannot be set");
    }
}

#[test]
fn the_gateway_lets_a_function_finish() {
    // A function that outlives its gateway works for nobody, and the caller sees a bare 503.
    let gateway = number(&read("infra/api.yaml"), "TimeoutInMillis: ");
    let functions = read("infra/functions.yaml");
    // No gateway stands before the jobs.
    let rows = functions.lines().filter(|line| line.contains("{MemorySize:"));
    let rows = rows.filter(|line| !line.trim_start().starts_with("jobs:"));
    for row in rows {
        let limit = number(row, "Timeout: ") * 1000;
        assert!(limit < gateway && gateway <= 30_000, "{row}");
    }
}

fn number(text: &str, after: &str) -> u32 {
    let (_, rest) = text.split_once(after).expect(after);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect(after)
}
