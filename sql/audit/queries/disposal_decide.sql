-- audit.disposal_decide: $1 disposal_id uuid, $2 approve boolean, $3 note text, $4 expected version bigint
select audit.decide_disposal(
           $1::uuid, $2::boolean, left(current_setting('app.current_user_label', true), 255), $3::text, $4::bigint)
