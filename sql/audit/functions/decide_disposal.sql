-- The second person's word on a proposed disposal: never that of its proposer (WA403 self_approval); a no may come from
-- either. It is executed after a wait of seven days, in which a hold can still be placed.
create or replace function audit.decide_disposal(
    p_disposal_id uuid, p_approve boolean, p_by varchar, p_note text, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_found audit.disposals;
begin
    select * into v_found from audit.disposals d
     where d.tenant_id = platform.require_tenant() and d.disposal_id = p_disposal_id
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such disposal');
    elsif p_expected_version is not null and v_found.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The disposal was changed meanwhile', null,
            jsonb_build_object('version', v_found.version));
    elsif v_found.status <> 'proposed' then
        perform platform.fail('WA409', 'state_conflict', 'This disposal was decided on already');
    elsif p_approve and (v_user is null or v_user is not distinct from v_found.proposed_by_user_id) then
        perform platform.fail('WA403', 'self_approval', 'A disposal needs a second person');
    end if;
    update audit.disposals d
       set status = case when p_approve then 'approved' else 'rejected' end, decided_at = clock_timestamp(),
           decided_by = p_by, decided_by_user_id = v_user, decision_note = p_note,
           execute_on = case when p_approve then platform.business_date() + 7 end, version = d.version + 1
     where d.tenant_id = v_found.tenant_id and d.disposal_id = v_found.disposal_id;
    perform audit.write(v_found.tenant_id, case when p_approve then 'disposal.approved' else 'disposal.rejected' end,
        case when p_approve then 'DISPOSAL_APPROVED' else 'DISPOSAL_REJECTED' end, 'disposals', p_disposal_id::text, null,
        null, jsonb_build_object('table_name', v_found.table_name, 'records', v_found.records,
            'proposed_by', v_found.proposed_by_user_id), p_note);
end
$$;
