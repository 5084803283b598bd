-- Holds an invitation for a change, and gives it. Raises WA404 (not_found).
create or replace function users.hold_invitation(p_tenant_id uuid, p_invitation_id uuid)
returns users.invitations
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_invitation users.invitations;
begin
    select i.* into v_invitation from users.invitations i
     where i.tenant_id = p_tenant_id and i.invitation_id = p_invitation_id for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such invitation');
    end if;
    return v_invitation;
end
$$;
