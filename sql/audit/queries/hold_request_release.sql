-- audit.hold_request_release: $1 hold_id uuid, $2 reason text, $3 expected version bigint
select audit.request_hold_release(
           $1::uuid, $2::text, left(current_setting('app.current_user_label', true), 255), $3::bigint)
