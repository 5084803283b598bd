-- Every way to weaken the schema by one statement, as kind|statement.
with ours as (
    select n.oid, n.nspname from pg_namespace n
     where n.nspname in ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'reporting', 'jobs')
), tables as (
    select c.oid, c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity
      from pg_class c where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p')
), policies as (
    select t.name as on_table, quote_ident(p.polname) as name, pg_get_expr(p.polqual, p.polrelid) as reads,
           pg_get_expr(p.polwithcheck, p.polrelid) as writes
      from tables t join pg_policy p on p.polrelid = t.oid
), triggers as (
    select t.name as on_table, quote_ident(g.tgname) as name, g.tgenabled
      from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal and g.tgparentid = 0
), functions as (
    select p.oid::regprocedure::text as name, p.prosecdef
      from pg_proc p where p.pronamespace in (select oid from ours)
)
select 'policy dropped|' || format('drop policy %s on %s', name, on_table) from policies
union all
select 'policy reads all|' || format('alter policy %s on %s using (true)', name, on_table)
  from policies where reads is distinct from 'true' and reads is not null
union all
select 'policy writes all|' || format('alter policy %s on %s with check (true)', name, on_table)
  from policies where writes is distinct from 'true' and writes is not null
union all
select 'row security not forced|' || format('alter table %s no force row level security', name)
  from tables where relforcerowsecurity
union all
select 'row security off|' || format('alter table %s disable row level security', name)
  from tables where relrowsecurity
union all
select 'write granted|' || format('grant %s on %s to application_role', g, name)
  from tables cross join unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) g
 where name !~ 'audit_events_\d'
union all
select 'partition granted|' || format('grant select on %s to app_read_write', name)
  from tables where name ~ 'audit_events_\d'
union all
select 'read revoked|' || format('revoke select on %s from app_read_write', name)
  from tables where name !~ 'audit_events_\d' and has_any_column_privilege('app_read_write', name::regclass, 'select')
union all
select 'read granted|' || format('grant select on %s to app_read_write', name)
  from tables where name !~ 'audit_events_\d' and not has_table_privilege('app_read_write', name::regclass, 'select')
union all
select 'trigger dropped|' || format('drop trigger %s on %s', name, on_table) from triggers
union all
select 'trigger off|' || format('alter table %s disable trigger %s', on_table, name) from triggers
union all
select 'trigger not always|' || format('alter table %s enable trigger %s', on_table, name)
  from triggers where tgenabled = 'A'
union all
select 'function for everybody|' || format('grant execute on function %s to public', name) from functions
union all
select 'search path open|' || format('alter function %s reset search_path', name) from functions where prosecdef
union all
select 'owner changed|' || format('alter function %s owner to current_user', name) from functions where prosecdef
union all
select 'view with the owner''s rights|' || format('alter view %s reset (security_invoker)', c.oid::regclass)
  from pg_class c where c.relkind = 'v' and c.relnamespace in (select oid from ours)
union all
select 'create granted|' || format('grant create on schema %s to application_role', nspname) from ours
union all
select 'role strengthened|' || s
  from unnest(array['alter role wealth_test bypassrls', 'alter role wealth_owner bypassrls',
    'alter role app_read_only bypassrls', 'alter role app_admin bypassrls', 'alter role wealth_owner login',
    'grant wealth_owner to application_role', 'grant app_admin to application_role',
    'grant app_admin to wealth_test']) s
