-- Holds a member for a change that depends on what is there now, and gives the membership. Raises when there is no such
-- member, or the version is not the one that the caller has seen (NULL: whichever there is).
create or replace function users.hold_member(p_tenant_id uuid, p_user_id uuid, p_version bigint)
returns users.memberships
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_member users.memberships;
begin
    select m.* into v_member from users.memberships m
     where m.tenant_id = p_tenant_id and m.user_id = p_user_id and m.status <> 'ended'
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such user');
    elsif v_member.version <> p_version then
        perform platform.fail('WA412', 'version_conflict', 'The user has changed since it was read');
    end if;
    return v_member;
end
$$;
