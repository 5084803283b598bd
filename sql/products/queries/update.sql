-- products.update: changes fields of a product. $1 product_id uuid, $2 expected version bigint, $3 changes jsonb
select products.update_product($1::uuid, $2::bigint, $3::jsonb, left(current_setting('app.current_user_label', true), 255))
