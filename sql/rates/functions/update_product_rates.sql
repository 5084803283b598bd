-- S0-92, reassembled (C0-01): sets a product's rates from today on, and with p_options also from another date
-- (effective_date), until a date (end_date) or in the past (which needs a reason). Closes the rate before it (C0-07),
-- refuses an unknown product (C0-08), audits (C0-06). A change larger than the tenant's tolerance is not applied: it
-- waits as a pending row of rates.rate_changes for a second person. Proposed once more by the same person, it is the one
-- that waits already (app.rate_change names it until the transaction ends): a second click asks nobody twice.
-- p_options: change_id, rate_history_id, effective_date, end_date, reason, expected_version (of the product),
-- expected_rate_version (rows ever recorded of its rates), source, origin
create or replace function rates.update_product_rates(
    p_product_id uuid, p_base_rate numeric, p_bonus_rate numeric, p_updated_by varchar, p_options jsonb default '{}')
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_product products.products := products.lock_product(p_product_id, (p_options ->> 'expected_version')::bigint);
    v_today date := platform.business_date();
    v_from date := coalesce((p_options ->> 'effective_date')::date, v_today);
    v_until date := (p_options ->> 'end_date')::date;
    v_reason text := nullif(p_options ->> 'reason', '');
    v_bonus numeric := coalesce(p_bonus_rate, 0);
    v_change uuid := coalesce((p_options ->> 'change_id')::uuid, gen_random_uuid());
    v_expected bigint := (p_options ->> 'expected_rate_version')::bigint;
    v_tolerance numeric;
    v_now record;
    v_jump numeric;
    v_status text;
    v_waiting uuid;
begin
    if v_expected is not null and v_expected <> (
        select count(*) from rates.rate_history h
         where h.tenant_id = v_product.tenant_id and h.product_id = p_product_id) then
        perform platform.fail('WA412', 'version_conflict', 'The rates of this product were changed meanwhile');
    end if;
    perform products.require_scale(p_base_rate, 4, '/base_rate'), products.require_scale(v_bonus, 4, '/bonus_rate');
    if v_until < v_from then
        perform platform.fail('WA422', 'date_range_invalid', 'The end date is before the effective date', '/end_date');
    elsif v_from < v_today and v_reason is null then
        perform platform.fail('WA422', 'reason_required', 'A correction of the past needs a reason', '/reason');
    end if;

    select h.base_rate, h.bonus_rate into v_now
      from rates.rate_history h
     where h.tenant_id = v_product.tenant_id and h.product_id = p_product_id and h.superseded_at is null
       and h.effective_date <= v_from
     order by h.effective_date desc limit 1;
    select s.tolerance into v_tolerance from rates.rate_settings s where s.tenant_id = v_product.tenant_id;
    -- The largest move on any of its dates: a window laid over several rates must not hide the one that moves most.
    select greatest(max(abs(p_base_rate - h.base_rate)), max(abs(v_bonus - h.bonus_rate))) into v_jump
      from rates.rate_history h
     where h.tenant_id = v_product.tenant_id and h.product_id = p_product_id and h.superseded_at is null
       and h.effective_date <= coalesce(v_until, v_from) and (h.end_date is null or h.end_date >= v_from);
    v_status := case when v_jump > v_tolerance then 'pending' else 'applied' end;

    select c.change_id into v_waiting
      from rates.rate_changes c
     where v_status = 'pending' and c.tenant_id = v_product.tenant_id and c.product_id = p_product_id
       and c.status = 'pending' and c.origin = coalesce(p_options ->> 'origin', 'manual')
       and c.proposed_by_user_id = platform.current_user_id()
       and (c.base_rate, c.bonus_rate, c.effective_date) = (p_base_rate, v_bonus, v_from)
       and (c.end_date, c.previous_base_rate, c.previous_bonus_rate, c.reason)
           is not distinct from (v_until, v_now.base_rate, v_now.bonus_rate, v_reason)
     limit 1;
    if v_waiting is not null then
        perform set_config('app.rate_change', v_waiting::text, true);
        return;
    end if;

    insert into rates.rate_changes (
        tenant_id, change_id, product_id, base_rate, bonus_rate, effective_date, end_date, previous_base_rate,
        previous_bonus_rate, origin, source, status, reason, quarantine_reason, proposed_by, proposed_by_user_id)
    values (
        v_product.tenant_id, v_change, p_product_id, p_base_rate, v_bonus, v_from, v_until, v_now.base_rate,
        v_now.bonus_rate, coalesce(p_options ->> 'origin', 'manual'), coalesce(p_options ->> 'source', 'manual'),
        v_status, v_reason, case when v_status = 'pending' then 'out_of_tolerance' end, p_updated_by,
        platform.current_user_id());

    if v_status = 'applied' then
        select r.outcome into v_status
          from rates.apply(jsonb_build_array(jsonb_build_object(
            'ord', 1, 'product_id', p_product_id, 'rate_history_id', p_options ->> 'rate_history_id',
            'base_rate', p_base_rate, 'bonus_rate', v_bonus, 'effective_date', v_from, 'end_date', v_until,
            'source', coalesce(p_options ->> 'source', 'manual'), 'change_id', v_change, 'reason', v_reason,
            'created_by', p_updated_by, 'created_by_user_id', platform.current_user_id())), p_updated_by) r;
        if v_status = 'unchanged' then
            update rates.rate_changes c set status = 'unchanged'
             where c.tenant_id = v_product.tenant_id and c.change_id = v_change;
        end if;
    end if;
    perform audit.log_user_action(null,
        case when v_status = 'pending' then 'REQUEST_RATE_CHANGE' else 'UPDATE_PRODUCT_RATES' end,
        'products', p_product_id,
        jsonb_build_object('base_rate', v_now.base_rate, 'bonus_rate', v_now.bonus_rate),
        jsonb_build_object('base_rate', p_base_rate, 'bonus_rate', v_bonus, 'effective_date', v_from,
                           'end_date', v_until, 'change_id', v_change, 'status', v_status), null, null, null);
end
$$;
