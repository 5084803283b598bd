-- Grants a role to a member by hand, from now or a later instant on, for good or until an instant. What was so in the past
-- cannot be changed afterwards, so that "which roles had U on D" keeps its answer. p_grant: role_name, effective_from,
-- effective_to, reason.
create or replace function users.grant_role(p_user_id uuid, p_user_role_id uuid, p_grant jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_from timestamptz := coalesce((p_grant ->> 'effective_from')::timestamptz, v_now);
    v_to timestamptz := (p_grant ->> 'effective_to')::timestamptz;
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, null);
begin
    perform users.check_rank(p_grant ->> 'role_name');
    if v_from < v_now then
        perform platform.fail('WA422', 'in_the_past', 'A grant cannot begin in the past', '/effective_from');
    elsif v_to <= v_from then
        perform platform.fail('WA422', 'date_range_invalid', 'must be after effective_from', '/effective_to');
    end if;
    insert into users.user_roles (
        tenant_id, user_role_id, user_id, role_name, origin, effective_from, effective_to, assigned_at, assigned_by, reason)
    values (v_member.tenant_id, p_user_role_id, p_user_id, p_grant ->> 'role_name', 'manual', v_from, v_to, v_now,
            left(nullif(current_setting('app.current_user_label', true), ''), 255), p_grant ->> 'reason');
    perform users.record_event('ROLE_GRANTED', p_user_id, 'success', p_grant ->> 'reason',
        jsonb_build_object('role_name', p_grant ->> 'role_name', 'effective_from', v_from, 'effective_to', v_to));
end
$$;
