-- The person of the platform's own identity store with this address (in the form that crates/core gives it). People of a
-- firm's directory are of another store, whatever their address (users.password_account).
create or replace function users.local_account(p_email text)
returns setof users.users
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select u.* from users.users u
     where lower(u.email) = p_email
       and coalesce(u.directory_tenant_id, '00000000-0000-0000-0000-000000000000'::uuid)
           = '00000000-0000-0000-0000-000000000000'
$$;
