-- The second person's word on an erasure request: never that of who took it down (WA403 self_approval). Yes gives the
-- answer of this moment, forgets at once what the person is known by here, if nothing stands against it, and lets the job
-- erase the audit log. Holds that are just being placed are waited for.
create or replace function audit.decide_erasure(
    p_erasure_id uuid, p_execute boolean, p_by varchar, p_note text, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_found audit.erasure_requests;
    v_answer jsonb;
begin
    select * into v_found from audit.erasure_requests e
     where e.tenant_id = platform.require_tenant() and e.erasure_id = p_erasure_id
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such erasure request');
    elsif p_expected_version is not null and v_found.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The erasure request was changed meanwhile', null,
            jsonb_build_object('version', v_found.version));
    elsif v_found.status <> 'received' then
        perform platform.fail('WA409', 'state_conflict', 'This erasure request was decided on already');
    elsif p_execute and (v_user is null or v_user is not distinct from v_found.requested_by_user_id) then
        perform platform.fail('WA403', 'self_approval', 'An erasure needs a second person');
    end if;
    if p_execute then
        perform audit.lock_holds(v_found.tenant_id, false);
        v_answer := audit.erasure_answer(v_found.person_id);
        perform audit.forget_person(v_found.tenant_id, v_found.person_id);
    end if;
    update audit.erasure_requests e
       set status = case when p_execute then 'executing' else 'rejected' end, decided_at = clock_timestamp(),
           decided_by = p_by, decided_by_user_id = v_user, answer = v_answer, version = e.version + 1
     where e.tenant_id = v_found.tenant_id and e.erasure_id = v_found.erasure_id;
    perform audit.write(v_found.tenant_id, case when p_execute then 'erasure.executed' else 'erasure.rejected' end,
        case when p_execute then 'ERASURE_EXECUTED' else 'ERASURE_REJECTED' end, 'erasure_requests', p_erasure_id::text,
        null, null, jsonb_build_object('person_id', v_found.person_id, 'requested_by', v_found.requested_by_user_id,
            'answer', v_answer), p_note);
end
$$;
