-- Ends an override that is in force after a day, or, before its first day, altogether: the row is superseded and what
-- remains of it recorded anew under p_rest_id. The account has the product's rate again from the next day on.
create or replace function rates.end_override(
    p_override_id uuid, p_end_date date, p_rest_id uuid, p_reason text, p_by varchar,
    p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found rates.rate_overrides := rates.take_override(p_override_id, p_expected_version);
    v_now timestamptz := clock_timestamp();
begin
    if v_found.recorded_at is null or v_found.superseded_at is not null then
        perform platform.fail('WA409', 'state_conflict', 'This override is not in force');
    elsif v_found.end_date <= p_end_date then
        perform platform.fail('WA422', 'out_of_range', 'must lie before the day on which it ends already', '/end_date');
    end if;
    update rates.rate_overrides o
       set superseded_at = v_now, version = o.version + 1
     where o.tenant_id = v_found.tenant_id and o.override_id = v_found.override_id;
    if p_end_date >= v_found.effective_date then
        insert into rates.rate_overrides (
            tenant_id, override_id, product_id, account_reference, base_rate, bonus_rate, effective_date, end_date,
            status, reason, product_base_rate, product_bonus_rate, proposed_at, proposed_by, proposed_by_user_id,
            decided_at, decided_by, decided_by_user_id, decision_note, recorded_at, derived_from)
        values (v_found.tenant_id, p_rest_id, v_found.product_id, v_found.account_reference, v_found.base_rate,
            v_found.bonus_rate, v_found.effective_date, p_end_date, v_found.status, v_found.reason,
            v_found.product_base_rate, v_found.product_bonus_rate, v_found.proposed_at, v_found.proposed_by,
            v_found.proposed_by_user_id, v_found.decided_at, v_found.decided_by, v_found.decided_by_user_id,
            v_found.decision_note, v_now, v_found.override_id);
    end if;
    perform audit.log_user_action(null, 'rate_override.ended', 'rate_overrides', p_override_id,
        jsonb_build_object('end_date', v_found.end_date),
        jsonb_build_object('end_date', p_end_date, 'reason', p_reason, 'by', p_by), null, null, null);
end
$$;
