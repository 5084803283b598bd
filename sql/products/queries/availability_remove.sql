-- products.availability_remove: $1 product_id uuid, $2 availability_id uuid, $3 expected version bigint (NULL:
-- whichever)
select products.remove_availability($1::uuid, $2::uuid, left(current_setting('app.current_user_label', true), 255), $3::bigint)
