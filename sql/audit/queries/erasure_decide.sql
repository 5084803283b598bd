-- audit.erasure_decide: $1 erasure_id uuid, $2 execute boolean, $3 note text, $4 expected version bigint
select audit.decide_erasure(
           $1::uuid, $2::boolean, left(current_setting('app.current_user_label', true), 255), $3::text, $4::bigint)
