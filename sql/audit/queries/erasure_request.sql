-- audit.erasure_request: $1 erasure_id uuid, $2 person_id uuid, $3 ground text, $4 reason text
select audit.request_erasure($1::uuid, $2::uuid, $3::text, $4::text,
           left(current_setting('app.current_user_label', true), 255))
