-- The second pair of eyes: applies a pending change. Nobody approves what he proposed himself (WA403 self_approval),
-- and nobody approves against a rate the proposer did not see (WA409 rate_changed).
create or replace function rates.approve_change(
    p_change_id uuid, p_decided_by varchar, p_note text default null, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_change rates.rate_changes;
    v_now record;
begin
    -- The product first, then the change: the order in which every writer of rates locks.
    perform products.lock_product(c.product_id, null) from rates.rate_changes c
      where c.tenant_id = platform.require_tenant() and c.change_id = p_change_id;
    v_change := rates.pending_change(p_change_id, p_expected_version);
    if v_user is null or v_user = v_change.proposed_by_user_id then
        perform platform.fail('WA403', 'self_approval', 'A rate change needs a second person');
    end if;

    select h.base_rate, h.bonus_rate into v_now
      from rates.rate_history h
     where h.tenant_id = v_change.tenant_id and h.product_id = v_change.product_id and h.superseded_at is null
       and h.effective_date <= v_change.effective_date
     order by h.effective_date desc limit 1;
    if (v_now.base_rate, v_now.bonus_rate)
       is distinct from (v_change.previous_base_rate, v_change.previous_bonus_rate) then
        perform platform.fail('WA409', 'rate_changed', 'The rate in force is another than when this was proposed');
    end if;

    update rates.rate_changes c
       set status = 'approved', decided_at = clock_timestamp(), decided_by = p_decided_by, decided_by_user_id = v_user,
           decision_note = p_note, version = c.version + 1
     where c.tenant_id = v_change.tenant_id and c.change_id = p_change_id;
    perform rates.apply(jsonb_build_array(jsonb_build_object(
        'ord', 1, 'product_id', v_change.product_id, 'base_rate', v_change.base_rate,
        'bonus_rate', v_change.bonus_rate, 'effective_date', v_change.effective_date, 'end_date', v_change.end_date,
        'source', v_change.source, 'external_id', v_change.external_id, 'batch_id', v_change.batch_id,
        'change_id', p_change_id, 'reason', v_change.reason, 'approved_by', p_decided_by,
        'created_by', v_change.proposed_by, 'created_by_user_id', v_change.proposed_by_user_id)), p_decided_by);
    perform audit.log_user_action(null, 'APPROVE_RATE_CHANGE', 'rate_changes', p_change_id,
        jsonb_build_object('status', 'pending'),
        jsonb_build_object('status', 'approved', 'product_id', v_change.product_id, 'note', p_note), null, null, null);
end
$$;
