-- Makes p_user_ids the members of a group, and lets their roles follow. Whoever is no member of the firm is refused.
-- Returns whether anybody came or left.
create or replace function users.scim_set_members(p_tenant_id uuid, p_group_id uuid, p_user_ids uuid[])
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_left uuid[];
    v_came uuid[];
begin
    with gone as (
        delete from users.group_members gm
         where gm.tenant_id = p_tenant_id and gm.group_id = p_group_id and not (gm.user_id = any (p_user_ids))
        returning gm.user_id)
    select coalesce(array_agg(gone.user_id), '{}') into v_left from gone;

    -- Held, so that nobody joins a group while leaving the firm.
    perform from users.memberships m
     where m.tenant_id = p_tenant_id and m.user_id = any (p_user_ids) and m.status <> 'ended'
     order by m.user_id
       for share;
    if exists (select from unnest(p_user_ids) wanted (user_id)
                where not exists (
                        select from users.memberships m
                         where m.tenant_id = p_tenant_id and m.user_id = wanted.user_id and m.status <> 'ended')) then
        perform platform.fail('WA422', 'validation_failed', 'members contains a value that is no user', '/members');
    end if;
    with new as (
        insert into users.group_members as gm (tenant_id, group_id, user_id, created_at)
        select distinct p_tenant_id, p_group_id, wanted.user_id, platform.request_time() from unnest(p_user_ids) wanted (user_id)
        on conflict do nothing
        returning gm.user_id)
    select coalesce(array_agg(new.user_id), '{}') into v_came from new;

    if users.scim_sync_roles(p_tenant_id, v_left || v_came) then
        perform users.keep_administrator(p_tenant_id);
    end if;
    return cardinality(v_left) + cardinality(v_came) > 0;
end
$$;
