-- audit.hold_decide_release: $1 hold_id uuid, $2 release boolean, $3 note text, $4 expected version bigint
select audit.decide_hold_release(
           $1::uuid, $2::boolean, left(current_setting('app.current_user_label', true), 255), $3::text, $4::bigint)
