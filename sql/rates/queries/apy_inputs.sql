-- rates.apy_inputs: what the yield of a product is computed from. $1 product_id uuid, $2 as_of date (NULL: today
-- of the tenant), $3 known_at timestamptz (NULL: now)
select p.product_id, p.product_type, p.product_subtype, p.currency, r.rate_history_id, r.base_rate, r.bonus_rate,
       r.effective_date, r.end_date,
       (select c.terms from products.cd_terms c
         where c.tenant_id = p.tenant_id and c.product_id = p.product_id) as cd_terms,
       (select a.terms from products.annuity_terms a
         where a.tenant_id = p.tenant_id and a.product_id = p.product_id) as annuity_terms,
       d.as_of
  from products.products p
 cross join lateral (select coalesce($2::date, platform.business_date()) as as_of) d
  left join lateral rates.rate_in_force(p.product_id, d.as_of, $3::timestamptz) r on true
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
