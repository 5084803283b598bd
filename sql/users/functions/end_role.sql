-- Ends a grant by hand, now; from the next request on the role is gone. A grant that has not begun never was and is
-- taken away; one that has ended stays as it is.
create or replace function users.end_role(p_user_id uuid, p_user_role_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_grant users.user_roles := users.hold_grant(p_user_id, p_user_role_id, p_version);
    v_administrator boolean;
begin
    if v_grant.effective_to <= platform.request_time() then
        return;
    end if;
    v_administrator := users.close_grants(v_grant.tenant_id, array[p_user_role_id]);
    perform users.record_event('ROLE_ENDED', p_user_id, 'success', null,
        jsonb_build_object('role_name', v_grant.role_name));
    if v_administrator then
        perform users.keep_administrator(v_grant.tenant_id);
    end if;
end
$$;
