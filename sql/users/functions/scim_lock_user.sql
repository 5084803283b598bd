-- Holds a member for a change that depends on what is there now. Raises when there is no such member, or the version is
-- not the one that the caller has seen (NULL: whichever there is).
create or replace function users.scim_lock_user(p_user_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version bigint;
begin
    select m.version into v_version
      from users.memberships m
     where m.tenant_id = platform.require_tenant() and m.user_id = p_user_id and m.status <> 'ended'
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such user');
    elsif v_version <> p_version then
        perform platform.fail('WA412', 'version_conflict', 'The user has changed since it was read');
    end if;
end
$$;
