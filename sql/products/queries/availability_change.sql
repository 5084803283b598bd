-- products.availability_change: $1 product_id uuid, $2 availability_id uuid, $3 start_date date and $4 end_date date
-- (NULL: as it is), $5 expected version bigint (NULL: whichever)
select products.change_availability($1::uuid, $2::uuid, $3::date, $4::date, left(current_setting('app.current_user_label', true), 255), $5::bigint)
