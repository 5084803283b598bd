//! Judges that nobody here wrote: squawk on the migrations, pgspot on all that the owner makes.
//! What they find is mended or stands in `judges.txt` with its reason. plpgsql_check and splinter
//! need a server of their own: docs/runbooks/judges.md.

use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;

use crate::catalogue::here;

/// A finding: tool, rule, where.
type Finding = [String; 3];

fn root() -> PathBuf {
    wealth::postgres::project_root().expect("the project")
}

fn program(name: &str) -> Command {
    let program = root().join(".local/venv-judges/bin").join(name);
    assert!(program.is_file(), "{name}: run .ci/tools test");
    Command::new(program)
}

fn output(mut command: Command) -> String {
    let out = command.output().expect("a judge");
    String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
}

fn sql(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn migrations() -> Vec<PathBuf> {
    sql(&root().join("sql/migrations"), |_| true)
}

fn squawk() -> Vec<Finding> {
    let mut command = program("squawk");
    command.args(["--assume-in-transaction", "--pg-version=15.0", "--reporter=gcc"]);
    let said = output({
        command.args(migrations());
        command
    });
    let line = Regex::new(r"(V\d{4})__\w+\.sql:\d+:\d+: (?:warning|error): ([\w-]+) ").unwrap();
    let found: Vec<_> = line
        .captures_iter(&said)
        .map(|found| ["squawk".to_owned(), found[2].to_owned(), found[1].to_owned()])
        .collect();
    assert!(found.len() > 20, "squawk has always something to say: {said}");
    found
}

fn pgspot() -> Vec<Finding> {
    let functions = |path: &Path| path.parent().is_some_and(|folder| folder.ends_with("functions"));
    let files = migrations().into_iter().chain(sql(&root().join("sql"), functions));
    let text: Vec<String> =
        files.map(|path| std::fs::read_to_string(path).expect("text") + ";\n").collect();
    let all = std::env::temp_dir().join(format!("wealth-judged-{}.sql", std::process::id()));
    std::fs::write(&all, text.concat()).expect("a file");
    let mut command = program("pgspot");
    // Statements outside functions run on the migrator's own path.
    command.args(["--ignore", "PS001", "--ignore", "PS016", "--ignore", "PS017"]).arg(&all);
    let said = output(command);
    std::fs::remove_file(&all).expect("the file is ours");
    assert!(said.contains("Errors:"), "pgspot: {said}");
    let line = Regex::new(r"(?m)^(PS\d{3}): (.*)$").unwrap();
    let place = Regex::new(r"(?:search_path|creation): ([\w.]+)").unwrap();
    let at = Regex::new(r" at line (\d+)$").unwrap();
    let name = Regex::new(r"create (?:or replace )?function ([\w.]+)").unwrap();
    let whole = text.concat();
    let subject = |what: &str| match (place.captures(what), at.captures(what)) {
        (Some(found), _) => found[1].to_owned(),
        (None, Some(found)) => {
            // The function that begins last before it, or at it.
            let number: usize = found[1].parse().expect("a number");
            let before: Vec<&str> = whole.lines().take(number + 2).collect();
            let text = before.join("\n");
            name.captures_iter(&text).last().map_or_else(String::new, |f| f[1].to_owned())
        }
        (None, None) => what.to_owned(),
    };
    line.captures_iter(&said)
        .map(|found| ["pgspot".to_owned(), found[1].to_owned(), subject(&found[2])])
        .collect()
}

#[test]
fn nothing_the_judges_find_is_without_a_reason() {
    let text = std::fs::read_to_string(here("tests/schema/judges.txt")).expect("judges.txt");
    let excused: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.splitn(4, ' ').collect())
        .collect();
    assert!(excused.iter().all(|line| line.len() == 4), "tool, rule, where, reason: {text}");
    let found: Vec<Finding> = squawk().into_iter().chain(pgspot()).collect();
    let matches = |line: &[&str], [tool, rule, place]: &Finding| {
        line[0] == tool && line[1] == rule && (line[2] == "*" || line[2] == place)
    };
    let new: Vec<_> =
        found.iter().filter(|f| !excused.iter().any(|line| matches(line, f))).collect();
    let dead: Vec<_> =
        excused.iter().filter(|line| !found.iter().any(|f| matches(line, f))).collect();
    assert!(new.is_empty() && dead.is_empty(), "found: {new:#?}\nno longer found: {dead:#?}");
}
