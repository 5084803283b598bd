-- products.list: a page of the catalogue in the documented order (type, highest rate first), filtered.
-- $1 type text, $2 subtype text, $3 active_on date, $4 is_active boolean, $5 rate_min numeric, $6 rate_max numeric,
-- $7 amount that fits numeric, $8 words to find text[] (all must occur), $9-$11 cursor: type text,
-- rate_key bigint, product_id uuid of the last row, $12 limit bigint, $13 appointed boolean. NULL leaves a filter out: it vanishes when the
-- unnamed statement is planned with its values. The order and the rate range are conditions on idx_products_type; text
-- is looked for in the tenant's rows only, because under row security no trigram index may be asked (not leakproof).
select p.product_id, p.cusip, p.isin, p.product_name, p.product_type, p.product_subtype, p.issuer, p.description,
       p.currency, p.minimum_investment, p.maximum_investment, coalesce(r.base_rate, p.base_rate) as base_rate,
       coalesce(r.bonus_rate, p.bonus_rate) as bonus_rate,
       coalesce(r.effective_date, p.rate_effective_date) as rate_effective_date, p.return_of_premium,
       p.return_of_premium_percentage, p.terms_version, p.states, p.is_active, p.deactivated_at, p.created_at,
       p.created_by, p.updated_at, p.updated_by, p.version, p.rate_key
  from products.products p
  -- Filter and order go by the mirror; what is shown is the rate in force even before the mirror has been turned over.
  -- Behind OFFSET 0 the history is looked at only for a product whose mirror is due.
  left join lateral (
       select h.base_rate, h.bonus_rate, h.effective_date
         from rates.rate_in_force(p.product_id, platform.business_date()) h
        where p.next_rate_date <= platform.business_date() offset 0) r on true
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::text is null or p.product_type = $1::text::varchar)
   and ($2::text is null or p.product_subtype = $2::text::varchar)
   and ($3::date is null or p.is_active and exists (
        select from products.product_availability a
         where a.tenant_id = p.tenant_id and a.product_id = p.product_id and a.is_active
           and a.start_date <= $3::date and a.end_date >= $3::date))
   and ($4::boolean is null or p.is_active = $4::boolean)
   and ($5::numeric is null or p.rate_key <= ($5::numeric * -10000)::bigint)
   and ($6::numeric is null or p.rate_key >= ($6::numeric * -10000)::bigint)
   and ($7::numeric is null or (p.minimum_investment <= $7::numeric
        and (p.maximum_investment is null or p.maximum_investment >= $7::numeric)))
   and ($8::text[] is null or (select bool_and(strpos(p.search, lower(w)) > 0) from unnest($8::text[]) w))
   and ($13::boolean is null
        or products.is_appointed(p.product_type, p.product_subtype, p.issuer, null, platform.business_date()) = $13::boolean)
   and ($11::uuid is null or (p.product_type, p.rate_key, p.product_id)
        > ($9::text::varchar, $10::bigint, $11::uuid))
 order by p.product_type, p.rate_key, p.product_id
 limit $12::bigint
