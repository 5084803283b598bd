-- Gives an account its own rate: at once if it lies within the tenant's tolerance from every rate that the product has
-- meanwhile, else when a second person approves it. p: override_id, product_id, account_reference, base_rate, bonus_rate,
-- effective_date, end_date, reason. Overlap with another in force: constraint rate_overrides_no_overlap.
create or replace function rates.propose_override(p jsonb, p_by varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_product products.products := products.lock_product((p ->> 'product_id')::uuid, null);
    v_base numeric := (p ->> 'base_rate')::numeric;
    v_bonus numeric := coalesce((p ->> 'bonus_rate')::numeric, 0);
    v_from date := (p ->> 'effective_date')::date;
    v_to date := (p ->> 'end_date')::date;
    v_tolerance numeric := (select s.tolerance from rates.rate_settings s where s.tenant_id = v_product.tenant_id);
    v_now record;
    v_waits boolean;
begin
    select h.base_rate, h.bonus_rate into v_now from rates.rate_in_force(v_product.product_id, v_from) h;
    v_waits := v_tolerance is not null
        and (v_now.base_rate is null or exists (
            select from rates.rate_history h
             where h.tenant_id = v_product.tenant_id and h.product_id = v_product.product_id
               and h.superseded_at is null and h.valid && daterange(v_from, v_to, '[]')
               and (abs(v_base - h.base_rate) > v_tolerance or abs(v_bonus - h.bonus_rate) > v_tolerance)));
    insert into rates.rate_overrides (
        tenant_id, override_id, product_id, account_reference, base_rate, bonus_rate, effective_date, end_date, status,
        reason, product_base_rate, product_bonus_rate, proposed_by, proposed_by_user_id, recorded_at)
    values (v_product.tenant_id, (p ->> 'override_id')::uuid, v_product.product_id, p ->> 'account_reference', v_base,
        v_bonus, v_from, v_to, case when v_waits then 'pending' else 'applied' end, p ->> 'reason',
        v_now.base_rate, v_now.bonus_rate, p_by, platform.current_user_id(),
        case when not v_waits then clock_timestamp() end);
end
$$;
