-- products.get_by_cusip: one product by its CUSIP, as get_by_id gives it. $1 cusip text
select product_id, cusip, isin, product_name, product_type, product_subtype, issuer, description, currency,
       minimum_investment, maximum_investment, base_rate, bonus_rate, rate_effective_date, rate_end_date, rate_source,
       rate_history_id, return_of_premium, return_of_premium_percentage, terms_and_conditions, terms_version, states,
       is_active, deactivated_at, annuity_terms, cd_terms, availability, created_at, created_by, updated_at, updated_by,
       version, rate_is_due
  from products.product_details
 where cusip = $1::text::varchar
   and tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
