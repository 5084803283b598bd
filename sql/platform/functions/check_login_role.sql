-- Why this login must not serve requests: one row per reason, none when all is well. Row policies and grants mean
-- nothing to a superuser, a role with BYPASSRLS or an owner, nor to a login that can become one of them.
create or replace function platform.check_login_role()
returns table (problem text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select 'login role is a superuser' from pg_roles where rolname = session_user and rolsuper
    union all
    select 'login role has BYPASSRLS' from pg_roles where rolname = session_user and rolbypassrls
    union all
    select 'login role has CREATEROLE' from pg_roles where rolname = session_user and rolcreaterole
    union all
    select 'login role can become ' || rolname || ', which row level security does not hold (SUPERUSER or BYPASSRLS)'
      from pg_roles
     where (rolsuper or rolbypassrls) and rolname <> session_user and pg_has_role(session_user, oid, 'member')
    union all
    select 'login role is a member of wealth_owner' where pg_has_role(session_user, 'wealth_owner', 'member')
    union all
    select 'login role owns table ' || c.oid::regclass::text
      from pg_class c where c.relkind in ('r', 'p', 'm', 'v')
       and c.relowner = (select oid from pg_roles where rolname = session_user)
$$;
