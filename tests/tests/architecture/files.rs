//! What may stand in the tree.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn files(folders: &[&str], extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut found);
    }
    found.retain(|path| path.extension().is_some_and(|e| e == extension));
    found.sort();
    found.into_iter().map(|p| (p.clone(), std::fs::read_to_string(&p).expect("text"))).collect()
}

#[test]
fn the_top_level_is_the_designs() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "Makefile",
        "README.md",
        "clippy.toml",
        "rustfmt.toml",
        "crates",
        "docs",
        "events",
        "infra",
        "sql",
        "target",
        "tests",
    ];
    for entry in std::fs::read_dir(root()).expect("the workspace") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_for_later() {
    // Split, so that this file does not find itself.
    let words =
        [["#[ign", "ore"], ["TO", "DO"], ["FIX", "ME"], ["todo", "!("], ["unimplemented", "!("]];
    for (path, text) in files(&["crates", "tests"], "rs") {
        for word in words {
            let word = word.concat();
            assert!(!text.contains(&word), "{} has {word}", path.display());
        }
    }
}

/// RDS Proxy looks at statements and not into functions (docs/adr/0001): what changes a setting by
/// itself takes a connection away from everybody else.
#[test]
fn no_statement_of_the_code_changes_a_setting() {
    let setting = r"(?i)\bset_config\s*\(|\bset\s+(local|session)\b";
    let setting = regex::Regex::new(setting).expect("an expression");
    // What operators and tests run, and migrations, go to the writer.
    let past =
        ["crates/testkit", "crates/wealth", "crates/db/src/migrate"].map(|it| root().join(it));
    let code = files(&["crates"], "rs").into_iter();
    let code = code.filter(|(path, _)| !past.iter().any(|folder| path.starts_with(folder)));
    let queries = files(&["sql"], "sql").into_iter();
    let queries =
        queries.filter(|(path, _)| path.components().any(|it| it.as_os_str() == "queries"));
    for (path, text) in code.chain(queries) {
        let said = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in said {
            assert!(!setting.is_match(line), "{}: {line}", path.display());
        }
    }
}

#[test]
fn a_main_of_a_lambda_fits_in_fifteen_lines() {
    for context in ["products", "rates", "audit", "jobs"] {
        let path = root().join(format!("crates/{context}/src/main.rs"));
        let text = std::fs::read_to_string(&path).expect("main.rs");
        assert!(text.lines().count() <= 15, "{}", path.display());
    }
}

/// Two things under one number would wait for each other, or believe each other done.
#[test]
fn the_number_of_a_lock_stands_in_one_file() {
    let number = regex::Regex::new(r"\b47[0-9]{2}\b").expect("an expression");
    let mut found = std::collections::BTreeMap::new();
    for (path, text) in files(&["sql"], "sql") {
        if !path.parent().is_some_and(|folder| folder.ends_with("functions")) {
            continue;
        }
        for line in text.lines().filter(|line| line.contains("advisory")) {
            for number in number.find_iter(line) {
                let first = found.entry(number.as_str().to_owned()).or_insert(path.clone());
                assert_eq!(*first, path, "{}", number.as_str());
            }
        }
    }
    assert!(found.len() >= 5, "{found:?}");
}

#[test]
fn every_statement_starts_with_its_name_and_every_file_holds_one() {
    for (path, text) in files(&["sql"], "sql") {
        let Some(folder) = path.parent().filter(|p| p.ends_with("queries")) else { continue };
        let context = folder.parent().and_then(Path::file_name).expect("a context");
        let stem = path.file_stem().expect("a name");
        let name = format!("{}.{}", context.to_string_lossy(), stem.to_string_lossy());
        let first = text.lines().next().unwrap_or_default();
        let rest = first.strip_prefix(&format!("-- {name}"));
        let named = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        assert!(named, "{} starts with {first:?}", path.display());
        assert!(text.len() < 16_384, "{}: RDS Proxy pins on a longer text", path.display());
    }
}

#[test]
fn no_lambda_can_issue_tokens_or_fetch_keys_from_its_own_machine() {
    let mut sources = files(
        &["crates/products/src", "crates/rates/src", "crates/audit/src", "crates/jobs/src"],
        "rs",
    );
    sources.extend(
        files(&["crates/http/src"], "rs").into_iter().filter(|(p, _)| p.ends_with("serve.rs")),
    );
    for (path, text) in sources {
        for word in ["LocalIssuer", "with_loopback"] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}
