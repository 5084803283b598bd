-- products.availability_add: $1 product_id uuid, $2 start_date date, $3 end_date date, $4 availability_id uuid
select products.add_availability($1::uuid, $2::date, $3::date, left(current_setting('app.current_user_label', true), 255), $4::uuid, null)
