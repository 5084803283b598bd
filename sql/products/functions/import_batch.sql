-- Loads up to some 2,000 products in one statement: insert or update by CUSIP, first rate and window set up, each row
-- answered by its line. A bad row is reported and left out, the good ones load; a repeat of the same rows is
-- "unchanged". A field left out (or null) keeps what is there; the type of a product stays. A rate that moves further than
-- the tenant lets one person move it waits as a pending change, and its row is "quarantined"; its other facts load.
-- For a dry run the caller rolls back.
-- p_rows: [{line, product_id, cusip, isin, product_name, product_type, product_subtype, issuer, description, currency,
-- minimum_investment, maximum_investment, base_rate, bonus_rate, effective_date, return_of_premium,
-- return_of_premium_percentage, terms_and_conditions, states, annuity_terms, cd_terms, start_date,
-- end_date}], and isin_given: false when the ISIN was derived and yields to another.
-- p_options: {created_by, source}. Joins are narrowed to the batch and nested loops are off: see rates.apply.
create or replace function products.import_batch(p_rows jsonb, p_options jsonb default '{}')
returns table (line bigint, product_id uuid, outcome text, code text, column_name text, message text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_by text := coalesce(p_options ->> 'created_by', nullif(current_setting('app.current_user_label', true), ''), 'import');
    v_source text := coalesce(p_options ->> 'source', 'import');
    v_today date := platform.business_date();
    v_cusips varchar[] := array(select distinct x.value ->> 'cusip' from jsonb_array_elements(p_rows) x);
    v_results jsonb;
    v_created bigint;
    v_updated uuid[];
    v_rates jsonb;
    v_annuities jsonb;
    v_cds jsonb;
begin
    -- The rows of this batch that exist already are ours until the end, in one order for everybody.
    perform from products.products p
      where p.tenant_id = v_tenant
        and p.cusip = any (v_cusips)
      order by p.product_id for update;

    with input as materialized (
        select r.*, row_number() over (partition by r.cusip order by r.line) as nth
          from jsonb_to_recordset(p_rows) as r(
            line bigint, product_id uuid, cusip text, isin text, product_name text, product_type text,
            product_subtype text, issuer text, description text, currency text, minimum_investment numeric,
            maximum_investment numeric, base_rate numeric, bonus_rate numeric, effective_date date,
            return_of_premium boolean, return_of_premium_percentage numeric, terms_and_conditions text, states text[],
            isin_given boolean, annuity_terms jsonb, cd_terms jsonb, start_date date, end_date date)
    ), checked as materialized (
        select i.*, p.product_id as existing, coalesce(p.product_id, i.product_id, gen_random_uuid()) as id,
               p as old,
               case
                   when p.product_id is null and products.is_cusip(i.cusip) is not true then 'cusip:invalid_cusip'
                   when i.nth > 1 then 'cusip:duplicate_in_file'
                   when i.isin is distinct from p.isin and products.is_isin(i.isin) is false then 'isin:invalid_isin'
                   when p.product_id is null and coalesce(i.product_name, '') = '' then 'product_name:required'
                   when length(i.product_name) not between 1 and 255 then 'product_name:invalid_length'
                   when p.product_id is null and i.product_type is null then 'product_type:required'
                   when i.product_type not in ('Annuity', 'CD', 'Other') then 'product_type:invalid_value'
                   when i.product_type <> p.product_type then 'product_type:type_differs'
                   when length(i.product_subtype) > 50 then 'product_subtype:invalid_length'
                   when i.product_subtype is null and p.product_subtype is not null
                        and (i.annuity_terms is not null or i.cd_terms is not null)
                       then 'product_subtype:required_with_terms'
                   when i.product_subtype <> p.product_subtype and i.annuity_terms is null and i.cd_terms is null
                        and (exists (select from products.annuity_terms a
                                      where a.tenant_id = v_tenant and a.product_id = p.product_id)
                             or exists (select from products.cd_terms a
                                         where a.tenant_id = v_tenant and a.product_id = p.product_id))
                       then 'product_subtype:terms_required'
                   when length(i.issuer) > 255 then 'issuer:invalid_length'
                   when i.currency !~ '^[A-Z]{3}$' then 'currency:invalid_value'
                   when p.product_id is null and i.base_rate is null then 'base_rate:required'
                   when i.base_rate not between 0 and 100 then 'base_rate:out_of_range'
                   when scale(trim_scale(i.base_rate)) > 4 then 'base_rate:too_many_decimals'
                   when i.bonus_rate not between 0 and 100 then 'bonus_rate:out_of_range'
                   when scale(trim_scale(i.bonus_rate)) > 4 then 'bonus_rate:too_many_decimals'
                   when i.minimum_investment not between 0 and 9999999999999.99 then 'minimum_investment:out_of_range'
                   when scale(trim_scale(i.minimum_investment)) > 2 then 'minimum_investment:too_many_decimals'
                   when i.maximum_investment not between 0 and 9999999999999.99 then 'maximum_investment:out_of_range'
                   when scale(trim_scale(i.maximum_investment)) > 2 then 'maximum_investment:too_many_decimals'
                   when coalesce(i.maximum_investment, p.maximum_investment)
                        < coalesce(i.minimum_investment, p.minimum_investment, 0) then 'maximum_investment:below_minimum'
                   when scale(trim_scale(i.return_of_premium_percentage)) > 2
                       then 'return_of_premium_percentage:too_many_decimals'
                   when i.return_of_premium_percentage not between 0 and 100
                       then 'return_of_premium_percentage:out_of_range'
                   when coalesce(i.return_of_premium, p.return_of_premium, false)
                        <> (coalesce(i.return_of_premium_percentage,
                                case when i.return_of_premium is not false then p.return_of_premium_percentage end)
                            is not null) then 'return_of_premium_percentage:required_iff_return_of_premium'
                   when cardinality(i.states) > 70 then 'states:out_of_range'
                   when isfinite(i.effective_date) is false then 'effective_date:invalid_value'
                   when (i.start_date is null) <> (i.end_date is null) then 'end_date:required'
                   when i.end_date < i.start_date then 'end_date:before_start_date'
                   when isfinite(i.start_date) is false or isfinite(i.end_date) is false then 'end_date:invalid_value'
                   when p.product_id is not null and i.start_date is not null and exists (
                        select from products.product_availability a
                         where a.tenant_id = v_tenant and a.product_id = p.product_id and a.is_active
                           and a.start_date <= i.end_date and a.end_date >= i.start_date
                           and (a.start_date, a.end_date) is distinct from (i.start_date, i.end_date))
                       then 'start_date:availability_overlap'
               end as problem
          from input i
          left join products.products p
            on p.tenant_id = v_tenant and p.cusip = i.cusip and p.cusip = any (v_cusips)
    ), created as (
        insert into products.products as p (
            tenant_id, product_id, cusip, isin, product_name, product_type, product_subtype, issuer, description,
            currency, minimum_investment, maximum_investment, base_rate, bonus_rate, rate_effective_date,
            return_of_premium, return_of_premium_percentage, terms_and_conditions, terms_version, states, created_by,
            created_by_user_id)
        select v_tenant, c.id, c.cusip, c.isin, c.product_name, c.product_type, c.product_subtype, c.issuer,
               c.description, coalesce(c.currency, 'USD'), coalesce(c.minimum_investment, 0), c.maximum_investment,
               c.base_rate, coalesce(c.bonus_rate, 0), coalesce(c.effective_date, v_today),
               coalesce(c.return_of_premium, false), c.return_of_premium_percentage, c.terms_and_conditions,
               (c.terms_and_conditions is not null)::int, nullif(c.states, '{}'), v_by, v_user
          from checked c where c.problem is null and c.existing is null
        on conflict (tenant_id, cusip) do nothing
        returning p.product_id, p as made
    ), fresh as materialized (
        select c.*, n.made, case when c.start_date is not null then gen_random_uuid() end as availability_id
          from checked c join created n on n.product_id = c.id
    ), first_rate as (
        insert into rates.rate_history (
            tenant_id, product_id, base_rate, bonus_rate, effective_date, source, created_by, created_by_user_id)
        select v_tenant, f.id, f.base_rate, coalesce(f.bonus_rate, 0), coalesce(f.effective_date, v_today), v_source,
               v_by, v_user
          from fresh f
    ), first_terms as (
        insert into products.terms_versions (
            tenant_id, product_id, terms_version, text, sha256, effective_at, created_by, created_by_user_id)
        select v_tenant, f.id, 1, f.terms_and_conditions, sha256(convert_to(f.terms_and_conditions, 'UTF8')),
               current_timestamp, v_by, v_user
          from fresh f where f.terms_and_conditions is not null
    ), first_snapshot as (
        insert into products.product_versions (tenant_id, product_id, version, snapshot)
        select v_tenant, f.id, (f.made).version, products.snapshot_of(f.made, f.annuity_terms, f.cd_terms,
                   case when f.availability_id is null then '[]' else jsonb_build_array(jsonb_build_object(
                       'availability_id', f.availability_id, 'start_date', f.start_date, 'end_date', f.end_date)) end)
          from fresh f
    ), differs as materialized (
        select c.*,
               ((c.old).isin, (c.old).product_name, (c.old).product_type, (c.old).product_subtype, (c.old).issuer,
                (c.old).description, (c.old).currency, (c.old).minimum_investment, (c.old).maximum_investment,
                (c.old).return_of_premium, (c.old).states, (c.old).terms_and_conditions)
               is distinct from
               (case when c.isin_given is false then coalesce((c.old).isin, c.isin) else coalesce(c.isin, (c.old).isin) end,
                coalesce(c.product_name, (c.old).product_name),
                coalesce(c.product_type, (c.old).product_type), coalesce(c.product_subtype, (c.old).product_subtype),
                coalesce(c.issuer, (c.old).issuer), coalesce(c.description, (c.old).description),
                coalesce(c.currency, (c.old).currency), coalesce(c.minimum_investment, (c.old).minimum_investment),
                coalesce(c.maximum_investment, (c.old).maximum_investment),
                coalesce(c.return_of_premium, (c.old).return_of_premium),
                coalesce(nullif(c.states, '{}'), (c.old).states),
                coalesce(c.terms_and_conditions, (c.old).terms_and_conditions))
               or c.return_of_premium_percentage is not null
                  and c.return_of_premium_percentage is distinct from (c.old).return_of_premium_percentage
               or (c.annuity_terms is not null and c.annuity_terms is distinct from
                   (select a.terms from products.annuity_terms a
                     where a.tenant_id = v_tenant and a.product_id = c.existing))
               or (c.cd_terms is not null and c.cd_terms is distinct from
                   (select a.terms from products.cd_terms a
                     where a.tenant_id = v_tenant and a.product_id = c.existing)) as facts,
               c.start_date is not null and not exists (
                   select from products.product_availability a
                    where a.tenant_id = v_tenant and a.product_id = c.existing and a.is_active
                      and a.start_date = c.start_date and a.end_date = c.end_date) as opens
          from checked c where c.problem is null and c.existing is not null
    ), updated as (
        update products.products p
           set isin = case when d.isin_given is false then coalesce(p.isin, d.isin) else coalesce(d.isin, p.isin) end,
               product_name = coalesce(d.product_name, p.product_name),
               product_type = coalesce(d.product_type, p.product_type),
               product_subtype = coalesce(d.product_subtype, p.product_subtype), issuer = coalesce(d.issuer, p.issuer),
               description = coalesce(d.description, p.description), currency = coalesce(d.currency, p.currency),
               minimum_investment = coalesce(d.minimum_investment, p.minimum_investment),
               maximum_investment = coalesce(d.maximum_investment, p.maximum_investment),
               return_of_premium = coalesce(d.return_of_premium, p.return_of_premium),
               return_of_premium_percentage = coalesce(d.return_of_premium_percentage,
                   case when d.return_of_premium is not false then p.return_of_premium_percentage end),
               states = coalesce(nullif(d.states, '{}'), p.states),
               terms_and_conditions = coalesce(d.terms_and_conditions, p.terms_and_conditions),
               terms_version = p.terms_version
                   + (d.terms_and_conditions is distinct from p.terms_and_conditions
                      and d.terms_and_conditions is not null)::int,
               updated_by = v_by, updated_by_user_id = v_user
          from differs d
         where p.tenant_id = v_tenant and p.product_id = d.existing and p.cusip = any (v_cusips) and (d.facts or d.opens)
        returning p.product_id, p.terms_version, d.terms_and_conditions, (d.old).terms_version as before
    ), next_terms as (
        insert into products.terms_versions (
            tenant_id, product_id, terms_version, text, sha256, effective_at, created_by, created_by_user_id)
        select v_tenant, u.product_id, u.terms_version, u.terms_and_conditions,
               sha256(convert_to(u.terms_and_conditions, 'UTF8')), current_timestamp, v_by, v_user
          from updated u where u.terms_version > u.before
    ), windows as (
        insert into products.product_availability (
            tenant_id, availability_id, product_id, start_date, end_date, created_by, created_by_user_id)
        select v_tenant, f.availability_id, f.id, f.start_date, f.end_date, v_by, v_user from fresh f where f.start_date is not null
        union all
        select v_tenant, gen_random_uuid(), d.existing, d.start_date, d.end_date, v_by, v_user
          from differs d where d.opens
    ), answer as (
        select c.line, c.id, 'failed' as outcome, split_part(c.problem, ':', 2) as code,
               split_part(c.problem, ':', 1) as column_name, null::jsonb as rate, null::jsonb as detail
          from checked c where c.problem is not null
        union all
        select f.line, f.id, 'created', null, null, null,
               case when f.annuity_terms is not null or f.cd_terms is not null
                    then jsonb_build_object('a', f.annuity_terms, 'c', f.cd_terms) end
          from fresh f
        union all
        select c.line, null, 'failed', 'concurrent_change', 'cusip', null, null
          from checked c where c.problem is null and c.existing is null
           and not exists (select from created n where n.product_id = c.id)
        union all
        select d.line, d.existing,
               case when d.facts or d.opens then 'updated' else 'unchanged' end, null, null,
               -- What the mirror shows as in force today needs no look at the history.
               case when d.effective_date is not null or (d.old).rate_effective_date > v_today
                         or (d.old).next_rate_date <= v_today or d.base_rate <> (d.old).base_rate
                         or d.bonus_rate <> (d.old).bonus_rate then
                   jsonb_build_object('ord', d.line, 'product_id', d.existing,
                       'base_rate', coalesce(d.base_rate, (d.old).base_rate),
                       'bonus_rate', d.bonus_rate,
                       'effective_date', coalesce(d.effective_date, v_today), 'source', v_source,
                       'reason', 'import', 'created_by', v_by, 'created_by_user_id', v_user) end,
               case when d.facts and (d.annuity_terms is not null or d.cd_terms is not null)
                    then jsonb_build_object('a', d.annuity_terms, 'c', d.cd_terms) end
          from differs d
    )
    select jsonb_agg(jsonb_build_array(a.line, a.id, a.outcome, a.code, a.column_name) order by a.line),
           count(*) filter (where a.outcome = 'created'), array_agg(a.id) filter (where a.outcome = 'updated'),
           jsonb_agg(a.rate) filter (where a.rate is not null),
           jsonb_agg(jsonb_build_object('product_id', a.id, 'terms', a.detail -> 'a')) filter (where a.detail -> 'a' <> 'null'),
           jsonb_agg(jsonb_build_object('product_id', a.id, 'terms', a.detail -> 'c')) filter (where a.detail -> 'c' <> 'null')
      into v_results, v_created, v_updated, v_rates, v_annuities, v_cds
      from answer a;

    if v_annuities is not null then
        perform products.put_details('annuity_terms', v_annuities);
    end if;
    if v_cds is not null then
        perform products.put_details('cd_terms', v_cds);
    end if;
    if v_updated is not null then
        perform products.snapshot(v_updated);
    end if;
    if v_rates is not null then
        -- Rates of products that were there already. What the file repeats is unchanged and stays out of the history.
        select jsonb_agg(
                   case when r.outcome = 'quarantined'
                        then jsonb_build_array(x.value -> 0, x.value -> 1, 'quarantined', r.code, 'base_rate', r.change_id)
                        when r.outcome = 'applied' then jsonb_set(x.value, '{2}', '"updated"')
                        else x.value end order by x.ordinality)
          into v_results
          from jsonb_array_elements(v_results) with ordinality x
          left join rates.take(v_rates, jsonb_build_object('origin', 'import', 'bridge', true,
                        'tolerance', (select s.tolerance from rates.rate_settings s where s.tenant_id = v_tenant)),
                        v_by) r on r.ord = (x.value ->> 0)::bigint;
    end if;
    perform audit.log_user_action(null, 'IMPORT_PRODUCTS', 'products', null, null,
        jsonb_build_object('rows', jsonb_array_length(p_rows), 'created', v_created,
                           'updated', coalesce(cardinality(v_updated), 0)),
        null, null, null);
    return query
        select (x.value ->> 0)::bigint, (x.value ->> 1)::uuid, x.value ->> 2, x.value ->> 3, x.value ->> 4,
               coalesce('waits for a second person as rate change ' || (x.value ->> 5), replace(x.value ->> 3, '_', ' '))
          from jsonb_array_elements(v_results) x;
end
$$;
