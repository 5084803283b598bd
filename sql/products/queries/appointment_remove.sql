-- products.appointment_remove: $1 appointment_id uuid, $2 expected version bigint
select products.remove_appointment($1::uuid, left(current_setting('app.current_user_label', true), 255), $2::bigint)
