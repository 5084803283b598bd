-- products.reactivate: $1 product_id uuid, $2 expected version bigint (NULL: whichever)
select products.reactivate_product($1::uuid, left(current_setting('app.current_user_label', true), 255), $2::bigint)
