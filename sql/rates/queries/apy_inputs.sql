-- rates.apy_inputs: what the yield of a product is computed from: the rate in force and the terms, both as believed at an
-- instant. $1 product_id uuid, $2 as_of date (NULL: today of the tenant), $3 known_at timestamptz (NULL: now)
select p.product_id, p.product_type, p.product_subtype, p.currency, r.rate_history_id, r.base_rate, r.bonus_rate,
       r.effective_date, r.end_date,
       case when $3::timestamptz is null
            then (select c.terms from products.cd_terms c
                   where c.tenant_id = p.tenant_id and c.product_id = p.product_id)
            else nullif(v.snapshot -> 'cd_terms', 'null') end as cd_terms,
       case when $3::timestamptz is null
            then (select a.terms from products.annuity_terms a
                   where a.tenant_id = p.tenant_id and a.product_id = p.product_id)
            else nullif(v.snapshot -> 'annuity_terms', 'null') end as annuity_terms,
       d.as_of
  from products.products p
 cross join lateral (select coalesce($2::date, platform.business_date()) as as_of) d
  left join lateral rates.rate_in_force(p.product_id, d.as_of, $3::timestamptz) r on true
  left join lateral (
       select x.snapshot from products.product_versions x
        where x.tenant_id = p.tenant_id and x.product_id = p.product_id and x.recorded_at <= $3::timestamptz
        order by x.version desc limit 1) v on $3::timestamptz is not null
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
