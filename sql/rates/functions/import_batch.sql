-- Loads up to some thousand rates of existing products in one statement, many dates of one product among them: history
-- as well as what is to come. A person brings them, so no source is stronger; a rate that moves further than the tenant
-- lets one person move it waits as a pending change. What the history says already is "unchanged", so that the same file
-- again changes nothing. For a dry run the caller rolls back.
-- p_rows: [{line, cusip, product_id, base_rate, bonus_rate, effective_date, end_date, external_id, change_id}]
create or replace function rates.import_batch(p_rows jsonb, p_options jsonb default '{}')
returns table (line bigint, product_id uuid, outcome text, code text, column_name text, message text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_by text := coalesce(nullif(current_setting('app.current_user_label', true), ''), 'import');
    v_reason text := coalesce(p_options ->> 'reason', 'import');
    v_cusips varchar[] := array(select distinct x.value ->> 'cusip' from jsonb_array_elements(p_rows) x);
    v_products uuid[] := array(select distinct (x.value ->> 'product_id')::uuid from jsonb_array_elements(p_rows) x);
    v_rows jsonb;
    v_changes jsonb;
begin
    with input as materialized (
        select r.* from jsonb_to_recordset(p_rows) as r(
            line bigint, cusip text, product_id uuid, base_rate numeric, bonus_rate numeric, effective_date date,
            end_date date, external_id text, change_id uuid)
    ), found as (
        select i.line, i.base_rate, i.bonus_rate, i.effective_date, i.end_date, i.external_id, i.change_id,
               coalesce(p.product_id, q.product_id) as product_id,
               case when coalesce(p.product_id, q.product_id) is null
                    then case when i.cusip is null then 'product_id' else 'cusip' end end as unknown
          from input i
          left join products.products p
            on p.tenant_id = v_tenant and p.cusip = i.cusip and p.cusip = any (v_cusips)
          left join products.products q
            on q.tenant_id = v_tenant and q.product_id = i.product_id and q.product_id = any (v_products)
    )
    select jsonb_agg(jsonb_build_array(f.line, f.product_id, f.unknown) order by f.line),
           jsonb_agg(jsonb_build_object(
               'ord', f.line, 'product_id', f.product_id, 'base_rate', f.base_rate, 'bonus_rate', f.bonus_rate,
               'effective_date', f.effective_date, 'end_date', f.end_date, 'source', 'import',
               'external_id', f.external_id, 'hold_id', f.change_id, 'reason', v_reason, 'created_by', v_by,
               'created_by_user_id', v_user)) filter (where f.unknown is null),
           array_agg(distinct f.product_id) filter (where f.unknown is null)
      into v_rows, v_changes, v_products
      from found f;

    perform from products.products p
      where p.tenant_id = v_tenant and p.product_id = any (v_products)
      order by p.product_id for update;
    perform audit.log_user_action(null, 'IMPORT_RATES', 'rate_history', null, null,
        jsonb_build_object('rows', jsonb_array_length(p_rows), 'products', coalesce(cardinality(v_products), 0)),
        null, null, null);
    return query
        select (x.value ->> 0)::bigint, (x.value ->> 1)::uuid,
               case when x.value ->> 2 is not null then 'failed'
                    when t.outcome = 'applied' then 'updated' else t.outcome end,
               case when x.value ->> 2 is not null then 'unknown_product' else t.code end,
               case when t.outcome = 'quarantined' then 'base_rate' else x.value ->> 2 end,
               case when t.outcome = 'quarantined' then 'waits for a second person as rate change ' || t.change_id
                    when x.value ->> 2 is not null then 'there is no such product' end
          from jsonb_array_elements(v_rows) x
          left join rates.take(coalesce(v_changes, '[]'), jsonb_build_object('origin', 'import', 'bridge', true,
                        'tolerance', (select s.tolerance from rates.rate_settings s where s.tenant_id = v_tenant)),
                        v_by) t on t.ord = (x.value ->> 0)::bigint
         order by 1;
end
$$;
