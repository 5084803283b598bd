-- products.get_by_id: one product with its terms, windows and the rate in force today. $1 product_id uuid
select product_id, cusip, isin, product_name, product_type, product_subtype, issuer, description, currency,
       minimum_investment, maximum_investment, base_rate, bonus_rate, rate_effective_date, rate_end_date, rate_source,
       rate_history_id, return_of_premium, return_of_premium_percentage, terms_and_conditions, terms_version, states,
       is_active, deactivated_at, annuity_terms, cd_terms, availability, created_at, created_by, updated_at, updated_by,
       version, rate_is_due
  from products.product_by_id($1::uuid)
