-- The second person's word on an override that waits: never the proposer's yes (WA403 self_approval), and not when the
-- product's rate on the first day is another than the proposer saw (WA409 rate_changed).
create or replace function rates.decide_override(
    p_override_id uuid, p_approve boolean, p_by varchar, p_note text default null, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_found rates.rate_overrides := rates.take_override(p_override_id, p_expected_version);
    v_now record;
begin
    if v_found.status <> 'pending' then
        perform platform.fail('WA409', 'state_conflict', 'This override is not pending');
    elsif p_approve and (v_user is null or v_user is not distinct from v_found.proposed_by_user_id) then
        perform platform.fail('WA403', 'self_approval', 'An override needs a second person');
    end if;
    select h.base_rate, h.bonus_rate into v_now
      from rates.rate_in_force(v_found.product_id, v_found.effective_date) h;
    if p_approve and (v_now.base_rate, v_now.bonus_rate)
       is distinct from (v_found.product_base_rate, v_found.product_bonus_rate) then
        perform platform.fail('WA409', 'rate_changed', 'The rate in force is another than when this was proposed');
    end if;
    update rates.rate_overrides o
       set status = case when p_approve then 'approved' else 'rejected' end,
           recorded_at = case when p_approve then clock_timestamp() end,
           decided_at = clock_timestamp(), decided_by = p_by, decided_by_user_id = v_user, decision_note = p_note,
           version = o.version + 1
     where o.tenant_id = v_found.tenant_id and o.override_id = v_found.override_id;
end
$$;
