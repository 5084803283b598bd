-- products.create: a product with its first rate, terms and window. $1 cusip, $2 product_name, $3 product_type,
-- $4 description text, $5 minimum_investment, $6 maximum_investment, $7 base_rate, $8 bonus_rate numeric,
-- $9 return_of_premium boolean, $10 return_of_premium_percentage numeric, $11 terms_and_conditions text,
-- $12 options jsonb
select products.create_product($1::text, $2::text, $3::text, $4::text, $5::numeric, $6::numeric, $7::numeric,
                               $8::numeric, $9::boolean, $10::numeric, $11::text, left(current_setting('app.current_user_label', true), 255), $12::jsonb)
