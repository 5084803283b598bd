//! Every list and search of people and their access; and the summary of what they do when one firm
//! has a million sessions.

use anyhow::{Context as _, Result, ensure};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{Case, Data, TENANT, explain};
use crate::report::{Limit, Report};

/// Members of firms with their roles, sign-ins, sessions and groups.
pub(super) const DATA: Data = Data {
    what: "members",
    sizes: ["10 k", "100 k", "1 M"],
    fill: include_str!("people.sql"),
    tables: "tenants.tenants users.users users.memberships users.user_roles users.user_identities \
             users.user_sessions users.groups users.group_members",
    expensive: None,
    small: &["tenants", "roles"],
    // In the order of a person's own address, which is no column of the firm's; SCIM also counts all.
    whole_firm: &[
        "users",
        "users, of a role",
        "activity",
        "SCIM users",
        "SCIM users, by user name",
        "SCIM users, the page at 900",
    ],
};

/// One case a line.
#[allow(clippy::too_many_lines, reason = "one case a line")]
pub(super) async fn cases(superuser: &Client) -> Result<Vec<Case>> {
    let text = format!(
        "select user_id::text from users.memberships where tenant_id = '{TENANT}' and user_name = 'member-500'"
    );
    let rows = superuser.query_typed(&text, &[]).await?;
    let person: String = rows.first().context("a member")?.get(0);
    let text = format!(
        "select group_id::text from users.groups where tenant_id = '{TENANT}' and external_id = 'group-3'"
    );
    let rows = superuser.query_typed(&text, &[]).await?;
    let group: String = rows.first().context("a group")?.get(0);
    let mut cases = Vec::new();
    let mut system =
        |name, sql, arguments: String| cases.push(Case { name, role: "system", sql, arguments });
    let of = |arguments: &str| format!("('{person}'{arguments})");

    let list = |filters: &str| format!("({filters}, 51)");
    let users = sql!("users", "users_list");
    system("users", users, list("null,null,null,null, null,null"));
    system(
        "users, second page",
        users,
        list(
            "null,null,null,null, 'member-500@firm-5.test','7fffffff-0000-0000-0000-000000000000'",
        ),
    );
    system("users, inactive", users, list("false,null,null,null, null,null"));
    system("users, of a role", users, list("null,'SalesManager',null,null, null,null"));
    system("users, by words", users, list("null,null,'{ada,500}',null, null,null"));
    system("users, by address", users, list("null,null,null,'member-500@firm-5.test', null,null"));
    system("user", sql!("users", "user_get"), of(""));
    system(
        "user by legacy id",
        sql!("users", "user_get_by_legacy_id"),
        "('legacy-5-500')".to_owned(),
    );
    system("me", sql!("users", "me"), String::new());
    system("profile", sql!("users", "profile_get"), "(null)".to_owned());
    system("roles of a user", sql!("users", "user_roles_list"), of(", null, null, null, 51"));
    system("sign-ins of a user", sql!("users", "user_identities_list"), of(", null, null, 51"));
    system("deprovision report", sql!("users", "deprovision_report"), of(""));

    let sessions = sql!("users", "list_sessions");
    system("sessions of a user", sessions, of(", null, null, 51"));
    system("own sessions", sessions, "(null, null, null, 51)".to_owned());
    system("impersonations", sql!("users", "impersonation_list"), "(null, null, 51)".to_owned());
    system("API keys", sql!("users", "list_api_keys"), "(null, true, null, null, 51)".to_owned());
    system(
        "groups that give roles",
        sql!("users", "group_role_mappings_list"),
        "(null, null, null, 51)".to_owned(),
    );

    let review = sql!("users", "access_review");
    system("access review", review, "(null, null, 101)".to_owned());
    system("access review, as of a day", review, "('2026-02-01Z', null, 101)".to_owned());
    system(
        "access review, second page",
        review,
        "(null, '7fffffff-0000-0000-0000-000000000000', 101)".to_owned(),
    );
    let activity = sql!("users", "users_activity");
    system("activity", activity, "(null, null, 51)".to_owned());
    system(
        "activity, second page",
        activity,
        "('member-500@firm-5.test', '7fffffff-0000-0000-0000-000000000000', 51)".to_owned(),
    );

    let people = sql!("users", "scim_users");
    let scim = |conditions: &str, order: &str| format!("({conditions}, {order}, false, 0, 100)");
    let none = "null,null,null,null,null,null,null,null,null";
    system("SCIM users", people, scim(none, "null"));
    system("SCIM users, by user name", people, scim(none, "'userName'"));
    system("SCIM users, the page at 900", people, format!("({none}, 'userName', false, 900, 100)"));
    system("SCIM user", people, scim(&format!("'{person}'{}", &none[4..]), "null"));
    system(
        "SCIM users, userName eq",
        people,
        scim("null,'member-500',null,null,null,null,null,null,null", "null"),
    );
    system(
        "SCIM users, externalId eq",
        people,
        scim("null,null,'external-500',null,null,null,null,null,null", "null"),
    );
    system(
        "SCIM users, active eq false",
        people,
        scim("null,null,null,false,null,null,null,null,null", "null"),
    );
    system(
        "SCIM users, emails eq",
        people,
        scim("null,null,null,null,'member-500@firm-5.test',null,null,null,null", "null"),
    );
    system(
        "SCIM users, lastModified gt",
        people,
        scim("null,null,null,null,null,'2026-02-10Z',null,null,null", "'lastModified'"),
    );
    let groups = sql!("users", "scim_groups");
    let scim = |conditions: &str, members: bool| {
        format!("({conditions},null,null,null,null, 'displayName', false, 0, 100, {members})")
    };
    system("SCIM groups, without members", groups, scim("null,null,null,null", false));
    system("SCIM groups, with members", groups, scim("null,null,null,null", true));
    system("SCIM group", groups, scim(&format!("'{group}',null,null,null"), true));
    system("SCIM groups, displayName eq", groups, scim("null,'Group 3',null,null", false));
    system("SCIM groups of a member", groups, scim(&format!("null,null,null,'{person}'"), false));

    let mut rep =
        |name, sql, arguments: String| cases.push(Case { name, role: "rep", sql, arguments });
    rep("users, masked", sql!("users", "users_list_masked"), list("null,null,null, null,null"));
    rep("user, masked", sql!("users", "user_get_masked"), of(""));
    Ok(cases)
}

/// The documented summary by joins: each of three tables multiplies the others, so that what is
/// counted has to be told apart again. Right, and what a reader of the document would write.
const BY_JOINS: &str = "select u.user_id, count(distinct s.session_id) as total_sessions,
        count(distinct c.comparison_id) as total_comparisons, max(s.last_activity) as last_activity,
        count(distinct a.event_id) as total_actions
   from users.memberships m
   join users.users u on u.user_id = m.user_id
   left join users.user_sessions s on s.tenant_id = m.tenant_id and s.user_id = m.user_id
   left join products.product_comparisons c on c.tenant_id = m.tenant_id and c.user_id = m.user_id
   left join audit.audit_events a on a.tenant_id = m.tenant_id and a.actor_id = m.user_id
  where m.tenant_id = current_setting('app.current_tenant_id')::uuid
  group by u.user_id";

/// What members do, when the firm that is looked at has had a million sessions.
pub(super) async fn a_million_sessions(report: &mut Report, place: &super::Place) -> Result<()> {
    report.section("What members do, in a firm with a million sessions");
    let text = format!(
        "set synchronous_commit = off; alter table users.user_sessions disable trigger all;
         insert into users.user_sessions (tenant_id, user_id, login_time, last_activity, expires_at, revoked_at)
         select m.tenant_id, m.user_id, at, at + interval '1 hour', at + interval '1 day', at + interval '2 hours'
           from generate_series(1, 998) n, users.memberships m,
                lateral (select timestamptz '2026-01-01Z' + n * interval '6 hours' as at) t
          where m.tenant_id = '{TENANT}';
         alter table users.user_sessions enable trigger all"
    );
    place.superuser.batch_execute(&text).await.context("sessions")?;
    for table in ["users.user_sessions", "users.memberships", "audit.audit_events"] {
        place.superuser.batch_execute(&format!("vacuum analyze {table}")).await?;
    }
    let page = |name| Case {
        name,
        role: "system",
        sql: sql!("users", "users_activity"),
        arguments: "(null, null, 51)".to_owned(),
    };
    let found = explain(&place.app, &DATA, &page("activity")).await?;
    report.figure("a page of 50 members", found.millis, "ms", Limit::None);
    report.figure("a page of 50 members", found.blocks, "blocks", Limit::None);
    let whole = wealth_db::Sql {
        name: "bench.activity",
        text: "select * from reporting.user_activity_summary",
    };
    let whole = Case { name: "all members", role: "system", sql: whole, arguments: String::new() };
    let found = explain(&place.app, &DATA, &whole).await?;
    report.figure("all members of the firm", found.millis, "ms", Limit::None);
    let joined = wealth_db::Sql { name: "bench.by_joins", text: BY_JOINS };
    let joined = Case { name: "by joins", role: "system", sql: joined, arguments: String::new() };
    let slow = explain(&place.app, &DATA, &joined).await?;
    report.figure("  all members, by three joins as documented", slow.millis, "ms", Limit::None);
    report.figure("against the joins", found.millis / slow.millis, "x", Limit::AtMost(1.0));
    let (members, wrong) = compared(place).await?;
    ensure!(members > 1_000.0, "only {members} members");
    report.figure("members whose figures the joins count otherwise", wrong, "", Limit::Gate(0.0));
    Ok(())
}

/// Members, and those for whom the view and the joins disagree.
async fn compared(place: &super::Place) -> Result<(f64, f64)> {
    let text = format!(
        "begin read only; {}
         select count(*)::text, (count(*) filter (where (v.total_sessions, v.total_comparisons, v.last_activity,
                    v.total_actions) is distinct from (j.total_sessions, j.total_comparisons, j.last_activity,
                    j.total_actions)))::text
           from ({BY_JOINS}) j left join reporting.user_activity_summary v on v.user_id = j.user_id;
         rollback",
        super::request("system")
    );
    let messages = place.app.simple_query(&text).await?;
    let mut rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) if row.len() == 2 => Some((row.get(0)?, row.get(1)?)),
        _ => None,
    });
    let (members, wrong) = rows.next().context("a comparison")?;
    Ok((members.parse()?, wrong.parse()?))
}
