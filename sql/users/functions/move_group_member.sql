-- Puts one member into a group or out of it, as of p_at, and lets the roles follow: the directory's word, which holds also
-- for the last administrator. Returns whether that changed anything.
create or replace function users.move_group_member(
    p_tenant_id uuid, p_group_id uuid, p_user_id uuid, p_in boolean, p_at timestamptz)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_changed boolean;
begin
    if p_in then
        insert into users.group_members (tenant_id, group_id, user_id, created_at)
        values (p_tenant_id, p_group_id, p_user_id, p_at)
        on conflict do nothing;
        v_changed := found;
    else
        delete from users.group_members gm
         where gm.tenant_id = p_tenant_id and gm.group_id = p_group_id and gm.user_id = p_user_id;
        v_changed := found;
    end if;
    if v_changed then
        update users.groups g set updated_at = now(), version = g.version + 1
         where g.tenant_id = p_tenant_id and g.group_id = p_group_id;
        perform users.scim_sync_roles(p_tenant_id, array[p_user_id]);
    end if;
    return v_changed;
end
$$;
