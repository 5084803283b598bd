-- Takes down that somebody of this firm, or who was, asks to be forgotten. Unknown people: WA422 (unknown_value); a
-- request that is open already: WA409.
create or replace function audit.request_erasure(
    p_erasure_id uuid, p_person_id uuid, p_ground text, p_reason text, p_by varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    perform from users.memberships m where m.tenant_id = v_tenant and m.user_id = p_person_id for no key update;
    if not found then
        perform platform.fail('WA422', 'unknown_value', 'is nobody whom this firm knows', '/person_id');
    elsif exists (select from audit.erasure_requests e
                   where e.tenant_id = v_tenant and e.person_id = p_person_id
                     and e.status in ('received', 'executing')) then
        perform platform.fail('WA409', 'state_conflict', 'A request of this person is open already');
    end if;
    insert into audit.erasure_requests (
        tenant_id, erasure_id, person_id, ground, reason, requested_by, requested_by_user_id)
    values (v_tenant, p_erasure_id, p_person_id, p_ground, p_reason, p_by, platform.current_user_id());
    perform audit.write(v_tenant, 'erasure.requested', 'ERASURE_REQUESTED', 'erasure_requests', p_erasure_id::text, null,
        null, jsonb_build_object('person_id', p_person_id, 'ground', p_ground), p_reason);
end
$$;
