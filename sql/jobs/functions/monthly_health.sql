-- The monthly list (S4-99, S1-68, S0-132): who may log in and as what, what weakens the fence between tenants, how near
-- the oldest transaction number is to its wrap, which settings differ from what the schema counts on.
create or replace function jobs.monthly_health()
returns jsonb
language sql
set search_path = pg_catalog, pg_temp
as $$
    with logins as (
        select r.rolname, r.rolsuper, r.rolbypassrls, r.rolvaliduntil,
               (select jsonb_agg(g.rolname order by g.rolname) from pg_catalog.pg_auth_members m
                  join pg_catalog.pg_roles g on g.oid = m.roleid where m.member = r.oid) as member_of
          from pg_catalog.pg_roles r where r.rolcanlogin
    ), tables as (
        select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity and c.relforcerowsecurity as fenced
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
         where c.relkind in ('r', 'p') and c.relowner = (select r.oid from pg_roles r where r.rolname = 'wealth_owner')
    ), settings as (
        select s.name, s.setting, w.wanted
          from (values ('row_security', 'on'), ('fsync', 'on'), ('synchronous_commit', 'on'), ('full_page_writes', 'on'))
               as w(name, wanted) join pg_catalog.pg_settings s on s.name = w.name
    ), wrap as (
        select max(pg_catalog.age(d.datfrozenxid)) as age from pg_catalog.pg_database d
    ), found as (
        select format('the login %s is not held by row level security', l.rolname) as text
          from logins l where (l.rolsuper or l.rolbypassrls) and l.rolname <> 'rdsadmin'
        union all
        select format('the login %s may change tables directly', l.rolname)
          from logins l where not l.rolsuper and pg_catalog.pg_has_role(l.rolname, 'app_admin', 'member')
        union all
        select format('%s has no fence between tenants', t.name) from tables t where not t.fenced
        union all
        select format('%s is %s', s.name, s.setting) from settings s where s.setting <> s.wanted
        union all
        select format('the oldest transaction number is %s old', w.age) from wrap w where w.age > 1000000000
    )
    select jsonb_build_object(
        'findings', coalesce((select jsonb_agg(f.text order by f.text) from found f), '[]'),
        'logins', (select jsonb_agg(jsonb_build_object('login', l.rolname, 'member_of', l.member_of,
            'superuser', l.rolsuper, 'bypasses_row_security', l.rolbypassrls, 'valid_until', l.rolvaliduntil)
            order by l.rolname) from logins l),
        'oldest_transaction_age', (select w.age from wrap w))
$$;
