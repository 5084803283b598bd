-- Keeps a comparison exactly as shown (S0-81 … S0-89). p: comparison_id, investment_amount, currency, horizon_months,
-- as_of, known_at, request, engine_version, result (the exact text), items [{product_id, rank, product_version, rate_history_id,
-- base_rate, bonus_rate}] in the order asked for. Raises WA409 rates_changed when a rate moved between reading and
-- saving: the caller reads again. The products are locked against that moment, so that known_at reproduces it for ever.
create or replace function products.save_comparison(p jsonb)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_id uuid := coalesce((p ->> 'comparison_id')::uuid, gen_random_uuid());
    v_known timestamptz := (p ->> 'known_at')::timestamptz;
    v_as_of date := (p ->> 'as_of')::date;
    v_ids uuid[];
begin
    select array_agg((i.value ->> 'product_id')::uuid order by i.ordinality) into v_ids
      from jsonb_array_elements(p -> 'items') with ordinality i;
    perform from products.products x
      where x.tenant_id = v_tenant and x.product_id = any (v_ids) order by x.product_id for share;

    if exists (
        select from jsonb_to_recordset(p -> 'items') as i(product_id uuid, product_version bigint, rate_history_id uuid)
         where i.rate_history_id is distinct from (
                   select h.rate_history_id from rates.rate_history h
                    where h.tenant_id = v_tenant and h.product_id = i.product_id and h.superseded_at is null
                      and h.effective_date <= v_as_of and (h.end_date is null or h.end_date >= v_as_of))
            or i.product_version is distinct from (
                   select max(v.version) from products.product_versions v
                    where v.tenant_id = v_tenant and v.product_id = i.product_id)
    ) and v_known > now() - interval '1 minute' then
        perform platform.fail('WA409', 'rates_changed', 'A product or its rate changed while it was compared');
    end if;

    insert into products.product_comparisons (
        tenant_id, comparison_id, user_id, product_ids, investment_amount, currency, horizon_months, as_of, known_at,
        session_id, request, engine_version, result, result_sha256)
    values (
        v_tenant, v_id, platform.current_user_id(), v_ids, (p ->> 'investment_amount')::numeric,
        coalesce(p ->> 'currency', 'USD'), (p ->> 'horizon_months')::int, v_as_of, v_known,
        (select s.session_id from users.user_sessions s
          where s.tenant_id = v_tenant and s.session_id = nullif(current_setting('app.session_id', true), '')::uuid),
        coalesce(p -> 'request', '{}'), (p ->> 'engine_version')::smallint, p ->> 'result', sha256(convert_to(p ->> 'result', 'UTF8')));

    insert into products.product_comparison_items (
        tenant_id, comparison_id, product_id, rank, product_version, rate_history_id, base_rate, bonus_rate)
    select v_tenant, v_id, i.product_id, i.rank, i.product_version, i.rate_history_id, i.base_rate, i.bonus_rate
      from jsonb_to_recordset(p -> 'items') as i(
        product_id uuid, rank smallint, product_version bigint, rate_history_id uuid, base_rate numeric,
        bonus_rate numeric);

    perform audit.log_user_action(null, 'COMPARE_PRODUCTS', 'product_comparisons', v_id, null,
        jsonb_build_object('product_ids', v_ids, 'investment_amount', p -> 'investment_amount', 'result_sha256',
            encode(sha256(convert_to(p ->> 'result', 'UTF8')), 'hex')), null, null, null);
    return v_id;
end
$$;
