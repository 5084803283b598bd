//! The probes of `probes.sql`: what the fences do, tried out inside the transaction at hand, which
//! a probe leaves as it found it.

use tokio_postgres::Client;

use crate::catalogue::{self, texts};
use crate::rules;
use crate::world::{A, ADMINISTRATOR, B, OF_A, OF_BOTH, OURS, request};

/// Tables that their owner reads across firms, because a request begins before its firm is known.
/// What the functions of the identity store read before a tenant is known, and the views on it.
const OWNER_READS: &str = "'tenants.tenants', 'users.identity_providers', 'users.user_identities',
    'users.group_role_mappings', 'reporting.users_masked',
    'users.users', 'users.memberships', 'users.password_credentials', 'users.password_history',
    'users.security_questions', 'users.mfa_settings', 'users.totp_factors', 'users.recovery_codes',
    'users.webauthn_credentials', 'users.one_time_tokens', 'users.user_profiles', 'users.mail_queue', 'reporting.users',
    'reporting.user_activity_summary'";

const AS_LOGIN: &str = "set local session authorization wealth_test;";

/// The names of the probes, in the order they are tried.
pub(crate) const ALL: [&str; 10] = [
    "a login sees nothing of another firm",
    "a login without a context sees nothing",
    "the groups see nothing of another firm",
    "the owner sees nothing of another firm",
    "nothing is written across the fence",
    "every reader sees what is his",
    "every change is recorded",
    "what was written stays",
    "rows are touched and rates unbroken",
    "the rules and the committed fences hold",
];

/// Tries one.
pub(crate) async fn check(client: &Client, name: &str) -> Result<(), String> {
    let of_b = request('b', ADMINISTRATOR);
    match ALL.iter().position(|probe| *probe == name).expect("a probe") {
        0 => relations(client, &format!("{AS_LOGIN}{of_b}"), OF_A, "").await,
        1 => relations(client, AS_LOGIN, OF_BOTH, "").await,
        2 => {
            for role in ["app_admin", "app_read_only"] {
                let (without, role) = (format!("set local role {role};"), role);
                relations(client, &format!("{of_b}set local role {role};"), OF_A, "").await?;
                relations(client, &without, OF_BOTH, "").await?;
            }
            Ok(())
        }
        3 => {
            let role = "set local role wealth_owner;";
            relations(client, &format!("{of_b}{role}"), OF_A, OWNER_READS).await?;
            relations(client, role, OF_BOTH, OWNER_READS).await
        }
        4 => {
            let text = probe("writes across the fence").replace("{mine}", B).replace("{theirs}", A);
            silent(client, &format!("{of_b}set local role wealth_owner;"), &text).await
        }
        5 => {
            let found = visible(client).await?;
            let file = catalogue::here("tests/tenancy/visible.txt");
            catalogue::difference(&std::fs::read_to_string(file).unwrap_or_default(), &found)
        }
        6 => silent(client, "", &probe("audit")).await,
        7 => silent(client, "", &probe("append-only")).await,
        8 => silent(client, "", &probe("touch and gap")).await,
        _ => structure(client).await,
    }
}

async fn structure(client: &Client) -> Result<(), String> {
    for rule in rules::all() {
        rules::check(client, &rule).await?;
    }
    let file = catalogue::here("tests/schema/fences.txt");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    catalogue::difference(&committed, &catalogue::fences(client).await?)
}

/// How many rows of each relation each reader of firm A sees.
pub(crate) async fn visible(client: &Client) -> Result<Vec<String>, String> {
    let readers = [
        ("administrator", format!("{AS_LOGIN}{}", request('a', &["ProductAdministrator"]))),
        ("system-administrator", format!("{AS_LOGIN}{}", request('a', &["SystemAdministrator"]))),
        ("sales", format!("{AS_LOGIN}{}", request('a', &["SalesRepresentative"]))),
        ("app_read_only", format!("{}set local role app_read_only;", request('a', ADMINISTRATOR))),
        ("app_admin", format!("{}set local role app_admin;", request('a', ADMINISTRATOR))),
        ("wealth_owner", format!("{}set local role wealth_owner;", request('a', ADMINISTRATOR))),
    ];
    let mut lines = Vec::new();
    for (reader, as_whom) in readers {
        let text = probe("visible").replace("{reader}", reader);
        let found = run(client, &as_whom, &text).await?;
        lines.extend(found.lines().map(str::to_owned));
    }
    Ok(lines)
}

/// Reads all relations as somebody; an error names those where the needle was found.
pub(crate) async fn relations(
    client: &Client,
    as_whom: &str,
    needle: &str,
    except: &str,
) -> Result<(), String> {
    silent(client, as_whom, &relations_text(OURS, needle, except)).await
}

/// The block that reads all relations of `schemas`.
pub(crate) fn relations_text(schemas: &str, needle: &str, except: &str) -> String {
    let except = if except.is_empty() { "''" } else { except };
    probe("relations")
        .replace("{schemas}", schemas)
        .replace("{needle}", needle)
        .replace("{except}", except)
}

async fn silent(client: &Client, as_whom: &str, text: &str) -> Result<(), String> {
    let found = run(client, as_whom, text).await?;
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Runs a block as somebody and gives what it found.
async fn run(client: &Client, as_whom: &str, text: &str) -> Result<String, String> {
    client.batch_execute("savepoint probe").await.map_err(|error| error.to_string())?;
    let all = format!(
        "{as_whom}{text};select coalesce(current_setting('probe.found', true), 'not run') as found"
    );
    let found = texts(client, &all).await;
    let back = "rollback to savepoint probe; release savepoint probe";
    client.batch_execute(back).await.map_err(|error| error.to_string())?;
    Ok(found?.pop().unwrap_or_default())
}

fn probe(name: &str) -> String {
    let text = include_str!("probes.sql");
    let mut probes = text.split("-- probe: ").filter_map(|part| part.split_once('\n'));
    probes
        .find(|(found, _)| *found == name)
        .expect(name)
        .1
        .trim_end()
        .trim_end_matches(';')
        .to_owned()
}
