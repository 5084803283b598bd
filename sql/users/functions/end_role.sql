-- Ends a grant by hand, now; from the next request on the role is gone. A grant that has not begun never was and is
-- taken away; one that has ended stays as it is.
create or replace function users.end_role(p_user_id uuid, p_user_role_id uuid, p_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := platform.request_time();
    v_grant users.user_roles := users.hold_grant(p_user_id, p_user_role_id, p_version);
begin
    if v_grant.effective_to <= v_now then
        return;
    elsif v_grant.effective_from >= v_now then
        delete from users.user_roles r
         where r.tenant_id = v_grant.tenant_id and r.user_role_id = p_user_role_id;
    else
        update users.user_roles r
           set effective_to = v_now, version = r.version + 1,
               ended_by = left(nullif(current_setting('app.current_user_label', true), ''), 255)
         where r.tenant_id = v_grant.tenant_id and r.user_role_id = p_user_role_id;
    end if;
    perform users.record_event('ROLE_ENDED', p_user_id, 'success', null,
        jsonb_build_object('role_name', v_grant.role_name));
    if v_grant.role_name in ('SystemAdministrator', 'Admin') then
        perform users.keep_administrator(v_grant.tenant_id);
    end if;
end
$$;
