//! The holes of the engine that rules.md 4.1 names. On a server at the floor they are closed; on
//! any server they find nothing to break here, because a login has no DML and may create nothing,
//! every arbiter contains the tenant, and no policy is aimed at a login.

use testkit::Firm::Meridian;
use tokio_postgres::{Client, NoTls};
use wealth_db::Meter;

use crate::world::World;

/// What the three breaks need and this schema never has: a login that may write a table whose
/// arbiter lacks the tenant, write through a view, and is named in a restrictive policy.
const VULNERABLE: &str = "
create table probe.people (
    tenant_id uuid not null, id integer primary key, ssn text not null
);
insert into probe.people values
    ('00000000-0000-7000-8000-00000000000a', 1, 'OWN-SSN'),
    ('00000000-0000-7000-8000-00000000000b', 2, 'SECRET-SSN');
alter table probe.people owner to wealth_owner;
alter table probe.people enable row level security;
alter table probe.people force row level security;
create policy tenant_all on probe.people for all to public
    using (tenant_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
create table probe.files (id integer primary key, hidden boolean not null, body text not null);
insert into probe.files values (1, true, 'hidden');
alter table probe.files owner to wealth_owner;
create view probe.shown with (security_barrier) as
    select id, hidden, body from probe.files where not hidden;
alter view probe.shown owner to wealth_owner;
create role LOGIN login;
grant usage on schema probe to LOGIN;
grant select, insert, update on probe.people, probe.shown to LOGIN;
create policy only_own on probe.people as restrictive for select to LOGIN
    using (ssn <> 'SECRET-SSN');";

async fn attacker(world: &World) -> (String, Client) {
    let login = format!("engine_{}", world.database.name());
    world.superuser.batch_execute(&VULNERABLE.replace("LOGIN", &login)).await.unwrap();
    let (client, connection) =
        tokio_postgres::connect(&world.database.url(&login).await, NoTls).await.unwrap();
    tokio::spawn(connection);
    let tenant = format!("set app.current_tenant_id = '{}'", Meridian.tenant_id());
    client.batch_execute(&tenant).await.unwrap();
    (login, client)
}

#[tokio::test]
async fn the_known_breaks_are_refused_by_a_server_at_the_floor() {
    let world = World::new().await;
    let db = wealth_db::Db::new(world.config().await).await.unwrap();
    let at_floor = db.readiness(&Meter::default()).await.unwrap().meets_floor;
    let (login, client) = attacker(&world).await;

    // CVE-2026-120154: the WHERE of ON CONFLICT sees a row that row level security hides.
    let leak = "insert into probe.people values ('00000000-0000-7000-8000-00000000000a', 2, 'x')
                on conflict (id) do update set ssn = 'x' where people.ssn::integer = 0";
    let told = format!("{:?}", client.batch_execute(leak).await.unwrap_err());
    // 15.20: an INSERT through a view overwrites the row that the view hides.
    let overwrite = "insert into probe.shown values (1, false, 'overwritten')
                     on conflict (id) do update set body = excluded.body";
    let overwritten = client.batch_execute(overwrite).await;
    let body = "select count(*) from probe.files where body = 'overwritten'";
    let overwrites = world.number(body).await;
    // CVE-2026-116311: DROP OWNED removes the role from another owner's restrictive policy.
    client.batch_execute(&format!("drop owned by {login}")).await.unwrap();
    let policies = "select count(*) from pg_policy where polname = 'only_own'";
    let policies = world.number(policies).await;

    if at_floor {
        assert!(told.contains("42501") && !told.contains("SECRET"), "{told}");
        assert!(overwritten.is_err() && overwrites == 0, "{overwritten:?}");
        assert_eq!(policies, 1, "the restrictive policy stays");
    } else {
        eprintln!(
            "below the floor: leak {}, overwrites {overwrites}, policies left {policies}",
            told.contains("SECRET")
        );
    }
    drop(client);
    let text = format!("drop owned by {login}; drop role {login}");
    world.superuser.batch_execute(&text).await.unwrap();
}

/// Rows that contradict a rule, as text.
async fn offenders(world: &World, query: &str) -> Vec<String> {
    let rows = world.superuser.query_typed(query, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Schemas of the platform; those of PostgreSQL, its extensions and the probe are not ours.
const OURS: &str = "n.nspname not like 'pg\\_%' and n.nspname not in
    ('information_schema', 'extensions', 'probe')";

#[tokio::test]
async fn a_login_can_write_no_table_and_create_nothing() {
    let world = World::new().await;
    let writable = format!(
        "select c.oid::regclass::text || ' ' || p.privilege
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
          cross join unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                                  'TRIGGER']) p (privilege)
          where c.relkind in ('r', 'p', 'v', 'm', 'f') and {OURS}
            and has_table_privilege('wealth_test', c.oid, p.privilege)"
    );
    assert_eq!(offenders(&world, &writable).await, Vec::<String>::new());
    let columns = format!(
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'v', 'm', 'f') and {OURS}
            and has_any_column_privilege('wealth_test', c.oid, 'INSERT, UPDATE, REFERENCES')"
    );
    assert_eq!(offenders(&world, &columns).await, Vec::<String>::new());
    let creatable = "select nspname::text from pg_namespace
                      where has_schema_privilege('wealth_test', oid, 'CREATE')";
    assert_eq!(offenders(&world, creatable).await, Vec::<String>::new());
}

/// The register of tenants has one key besides the tenant: its rows belong to no other tenant, and
/// nothing inserts over it.
#[tokio::test]
async fn no_arbiter_reaches_a_row_of_another_tenant() {
    let world = World::new().await;
    let indexes = format!(
        "select i.indexrelid::regclass::text
           from pg_index i
           join pg_class c on c.oid = i.indrelid
           join pg_namespace n on n.oid = c.relnamespace
           join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
          where (i.indisunique or i.indisexclusion) and {OURS}
            and not a.attnum = any (i.indkey::smallint[])"
    );
    assert_eq!(offenders(&world, &indexes).await, ["tenants.tenants_public_code_key"]);
}

#[tokio::test]
async fn no_policy_is_aimed_at_a_login() {
    let world = World::new().await;
    let policies = format!(
        "select p.polname || ' on ' || c.oid::regclass::text
           from pg_policy p
           join pg_class c on c.oid = p.polrelid
           join pg_namespace n on n.oid = c.relnamespace
           join pg_roles r on r.oid = any (p.polroles)
          where r.rolcanlogin and {OURS}"
    );
    assert_eq!(offenders(&world, &policies).await, Vec::<String>::new());
}
