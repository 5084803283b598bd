-- products.appointment_change: $1 appointment_id uuid, $2 patch jsonb, $3 expected version bigint
select products.change_appointment(
    $1::uuid, $2::jsonb, left(current_setting('app.current_user_label', true), 255), $3::bigint)
