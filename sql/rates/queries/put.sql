-- rates.put: $1 product_id uuid, $2 base_rate numeric, $3 bonus_rate numeric, $4 options jsonb
select rates.update_product_rates($1, $2, $3, left(current_setting('app.current_user_label', true), 255), $4)
