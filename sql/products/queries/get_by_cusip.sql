-- products.get_by_cusip: one product by its CUSIP, as get_by_id gives it. $1 cusip text
select d.product_id, d.cusip, d.isin, d.product_name, d.product_type, d.product_subtype, d.issuer, d.description,
       d.currency, d.minimum_investment, d.maximum_investment, d.base_rate, d.bonus_rate, d.rate_effective_date,
       d.rate_end_date, d.rate_source, d.rate_history_id, d.return_of_premium, d.return_of_premium_percentage,
       d.terms_and_conditions, d.terms_version, d.states, d.is_active, d.deactivated_at, d.annuity_terms, d.cd_terms,
       d.availability, d.created_at, d.created_by, d.updated_at, d.updated_by, d.version, d.rate_is_due
  from products.products p
 cross join lateral products.product_by_id(p.product_id) d
 where p.cusip = $1::text::varchar
   and p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
