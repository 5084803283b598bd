-- Takes up to 10,000 rates of one source (S0-139). The same batch again gives the stored answer; the same external id
-- again has no second effect. Each rate is applied, unchanged, a duplicate, rejected (with the reason) or quarantined:
-- a rate beyond the tolerance, or against one from a stronger source, becomes a pending change for a person to decide.
-- All rates go together, several of one product in the order of their dates (rates.take).
-- A row names its product by cusip or product_id; without bonus_rate the bonus stays as it is. What the caller found
-- wrong with a row comes along in errors and makes it rejected, so that the stored answer tells all.
-- p_rows: [{external_id, cusip, product_id, base_rate, bonus_rate, effective_date, end_date, change_id, errors}];
-- p_options: {batch_id, received_by}
-- Answer: {batch_id, source, external_batch_id, replayed, received_at, counts: {...},
--          rows: [{index, external_id, cusip, outcome, code, product_id, change_id, errors}]}
create or replace function rates.ingest_feed_batch(
    p_source text, p_external_batch_id text, p_fingerprint bytea, p_rows jsonb, p_options jsonb default '{}')
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_by text := coalesce(p_options ->> 'received_by', nullif(current_setting('app.current_user_label', true), ''),
                          p_source);
    v_batch uuid := coalesce((p_options ->> 'batch_id')::uuid, gen_random_uuid());
    v_feed record;
    v_old record;
    v_tolerance numeric;
    v_rows jsonb;
    v_changes jsonb;
    v_done jsonb := '[]';
    v_response jsonb;
    v_cusips varchar[] := array(select distinct x.value ->> 'cusip' from jsonb_array_elements(p_rows) x);
    v_products uuid[] := array(select distinct (x.value ->> 'product_id')::uuid from jsonb_array_elements(p_rows) x);
    v_external text[] := array(select distinct x.value ->> 'external_id' from jsonb_array_elements(p_rows) x);
begin
    -- The row of the feed is the queue of its batches.
    select f.precedence, f.tolerance, f.is_active into v_feed from rates.rate_feeds f
     where f.tenant_id = v_tenant and f.source = p_source for update;
    if not found then
        perform platform.fail('WA404', 'feed_not_found', 'There is no such rate feed');
    end if;
    select b.fingerprint, b.response into v_old from rates.feed_batches b
     where b.tenant_id = v_tenant and b.source = p_source and b.external_batch_id = p_external_batch_id;
    if found then
        if v_old.fingerprint <> p_fingerprint then
            perform platform.fail('WA422', 'idempotency_mismatch', 'This batch id was used for other rates',
                '/external_batch_id');
        end if;
        return jsonb_set(v_old.response, '{replayed}', 'true');
    elsif not v_feed.is_active then
        perform platform.fail('WA409', 'state_conflict', 'This rate feed is switched off');
    end if;
    select s.tolerance into v_tolerance
      from rates.rate_settings s where s.tenant_id = v_tenant;
    v_tolerance := coalesce(v_feed.tolerance, v_tolerance);
    insert into rates.feed_batches (
        tenant_id, batch_id, source, external_batch_id, fingerprint, received_by, received_by_user_id)
    values (v_tenant, v_batch, p_source, p_external_batch_id, p_fingerprint, v_by, v_user);

    -- What needs no look at the rates in force: rows that cannot be taken, and rows taken before.
    with input as materialized (
        select r.ordinality as ord, x.*,
               row_number() over (partition by x.external_id, x.errors is null order by r.ordinality) as nth
          from jsonb_array_elements(p_rows) with ordinality r
         cross join lateral jsonb_to_record(r.value) as x(
            external_id text, cusip text, product_id uuid, base_rate numeric, bonus_rate numeric, effective_date date,
            end_date date, change_id uuid, errors jsonb)
    ), judged as materialized (
        select i.ord, i.external_id, coalesce(i.cusip, q.cusip) as cusip, i.base_rate, i.bonus_rate,
               i.effective_date, i.end_date, coalesce(d.product_id, p.product_id, q.product_id) as product_id,
               d.outcome as before, d.change_id, i.change_id as new_change, i.errors,
               case
                   when i.errors is not null then 'invalid'
                   when i.external_id is null or length(i.external_id) not between 1 and 255 then 'invalid_external_id'
                   when d.external_id is not null then
                       case when (d.cusip, d.base_rate, d.bonus_rate, d.effective_date, d.end_date)
                                 is not distinct from
                                 (coalesce(i.cusip, q.cusip::text), i.base_rate, i.bonus_rate, i.effective_date,
                                  i.end_date)
                            then 'duplicate' else 'external_id_reused' end
                   when i.nth > 1 then 'duplicate_in_batch'
                   -- The check digit is for those not found: a product's CUSIP is right.
                   when coalesce(p.product_id, q.product_id) is null then
                       case when i.product_id is null and products.is_cusip(i.cusip) is not true
                            then 'invalid_cusip' else 'unknown_product' end
                   when i.base_rate is null or i.base_rate not between 0 and 100
                        or scale(trim_scale(i.base_rate)) > 4 then 'invalid_base_rate'
                   when i.bonus_rate not between 0 and 100 or scale(trim_scale(i.bonus_rate)) > 4
                        then 'invalid_bonus_rate'
                   when i.effective_date is null or not isfinite(i.effective_date) then 'invalid_effective_date'
                   when i.end_date < i.effective_date or isfinite(i.end_date) is false then 'invalid_end_date'
               end as code
          from input i
          left join rates.feed_rates d
            on d.tenant_id = v_tenant and d.source = p_source and d.external_id = i.external_id
           and d.external_id = any (v_external)
          left join products.products p
            on p.tenant_id = v_tenant and p.cusip = i.cusip and p.cusip = any (v_cusips)
          left join products.products q
            on q.tenant_id = v_tenant and q.product_id = i.product_id and q.product_id = any (v_products)
    )
    select jsonb_agg(to_jsonb(j) order by j.ord),
           jsonb_agg(jsonb_build_object(
               'ord', j.ord, 'product_id', j.product_id, 'base_rate', j.base_rate, 'bonus_rate', j.bonus_rate,
               'effective_date', j.effective_date, 'end_date', j.end_date, 'source', p_source,
               'external_id', j.external_id, 'batch_id', v_batch, 'hold_id', j.new_change, 'created_by', v_by,
               'created_by_user_id', v_user)) filter (where j.code is null),
           array_agg(distinct j.product_id) filter (where j.code is null)
      into v_rows, v_changes, v_products
      from judged j;

    perform from products.products p
      where p.tenant_id = v_tenant and p.product_id = any (v_products)
      order by p.product_id for update;
    if v_changes is not null then
        select jsonb_agg(jsonb_build_array(t.ord, t.outcome, t.code, t.change_id)) into v_done
          from rates.take(v_changes, jsonb_build_object('origin', 'feed', 'source', p_source,
                              'precedence', v_feed.precedence, 'tolerance', v_tolerance), v_by) t;
    end if;

    with settled as materialized (
        select j.*,
               case when j.code = 'duplicate' then 'duplicate' when j.code is not null then 'rejected'
                    else d.value ->> 1 end as outcome,
               coalesce(case when j.code <> 'duplicate' then j.code end, d.value ->> 2) as reason,
               coalesce(j.change_id, (d.value ->> 3)::uuid) as change
          from jsonb_to_recordset(v_rows) as j(
            ord bigint, external_id text, cusip text, product_id uuid, base_rate numeric, bonus_rate numeric,
            effective_date date, end_date date, before text, code text, change_id uuid, errors jsonb)
          left join jsonb_array_elements(v_done) d on (d.value ->> 0)::bigint = j.ord
    ), kept as (
        -- A rejected row is not remembered: mended, it may come again under its id.
        insert into rates.feed_rates (
            tenant_id, source, external_id, batch_id, cusip, product_id, base_rate, bonus_rate, effective_date,
            end_date, outcome, code, change_id)
        select v_tenant, p_source, s.external_id, v_batch, s.cusip, s.product_id, s.base_rate, s.bonus_rate,
               s.effective_date, s.end_date, s.outcome, s.reason, s.change
          from settled s where s.outcome in ('applied', 'unchanged', 'quarantined')
    )
    select jsonb_build_object(
               'batch_id', v_batch, 'source', p_source, 'external_batch_id', p_external_batch_id, 'replayed', false,
               'counts', jsonb_build_object(
                   'total', count(*), 'applied', count(*) filter (where s.outcome = 'applied'),
                   'unchanged', count(*) filter (where s.outcome = 'unchanged'),
                   'duplicate', count(*) filter (where s.outcome = 'duplicate'),
                   'quarantined', count(*) filter (where s.outcome = 'quarantined'),
                   'rejected', count(*) filter (where s.outcome = 'rejected')),
               'rows', coalesce(jsonb_agg(jsonb_build_object(
                   'index', s.ord - 1, 'external_id', s.external_id, 'cusip', s.cusip, 'outcome', s.outcome,
                   'code', s.reason, 'product_id', s.product_id, 'change_id', s.change, 'errors', s.errors)
                   order by s.ord), '[]'))
      into v_response
      from settled s;

    update rates.feed_batches b
       set rows_total = (c ->> 'total')::int, rows_applied = (c ->> 'applied')::int,
           rows_unchanged = (c ->> 'unchanged')::int, rows_duplicate = (c ->> 'duplicate')::int,
           rows_quarantined = (c ->> 'quarantined')::int, rows_rejected = (c ->> 'rejected')::int,
           response = v_response
      from (select v_response -> 'counts' as c) k
     where b.tenant_id = v_tenant and b.batch_id = v_batch;
    perform audit.log_user_action(null, 'INGEST_RATES', 'feed_batches', v_batch, null,
        (v_response -> 'counts') || jsonb_build_object('source', p_source), null, null, null);
    return v_response;
end
$$;
