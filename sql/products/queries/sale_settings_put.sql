-- products.sale_settings_put: $1 appointments_enforced boolean, $2 expected version bigint
select products.put_sale_settings($1::boolean, $2::bigint)
