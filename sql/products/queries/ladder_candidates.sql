-- products.ladder_candidates: what is on sale with one of these terms, as comparison_inputs gives it, with the rate in
-- force on the day, the highest rates first. Products without a rate on the day are missing; one row without a product
-- says that there are none. $1 terms of CDs in months as text[], $2 guarantees of annuities in years as text[] (empty:
-- none asked for), $3 as_of date (NULL: the business date, which the answer names), $4 limit bigint,
-- $5 state of the client text (NULL: any), $6 whether the caller needs appointments where the firm enforces them boolean
select f.product_id, f.snapshot, f.base_rate, f.bonus_rate, f.effective_date as rate_effective_date,
       statement_timestamp() as known_at, d.as_of,
       coalesce(f.not_appointed, false) as not_appointed
  from (select coalesce($3::date, platform.business_date()) as as_of) d
  left join lateral (
       select p.product_id, v.snapshot, r.base_rate, r.bonus_rate, r.effective_date, p.rate_key,
              $6::boolean
                and coalesce((select s.appointments_enforced from products.sale_settings s
                               where s.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)), false)
                and not products.is_appointed(p.product_type, p.product_subtype, p.issuer, $5::text, d.as_of) as not_appointed
         from products.products p
         left join products.cd_terms c on c.tenant_id = p.tenant_id and c.product_id = p.product_id
         left join products.annuity_terms a on a.tenant_id = p.tenant_id and a.product_id = p.product_id
        cross join lateral (
           select x.snapshot from products.product_versions x
            where x.tenant_id = p.tenant_id and x.product_id = p.product_id
            order by x.version desc limit 1) v
        cross join lateral rates.rate_in_force(p.product_id, d.as_of) r
        where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
          and p.is_active
          and ((p.product_type = 'CD' and c.term_months = any ($1::text[]::smallint[]))
            or (p.product_type = 'Annuity' and a.guarantee_years = any ($2::text[]::smallint[])))
        order by p.rate_key, p.product_id
        limit $4::bigint) f on true
 order by f.rate_key, f.product_id
