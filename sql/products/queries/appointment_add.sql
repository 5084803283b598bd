-- products.appointment_add: $1 appointment_id uuid, $2 jsonb, as products.add_appointment describes it
select products.add_appointment($1::uuid, $2::jsonb, left(current_setting('app.current_user_label', true), 255))
