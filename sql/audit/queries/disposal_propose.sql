-- audit.disposal_propose: $1 disposal_id uuid, $2 table_name text, $3 reason text
select audit.propose_disposal(
           $1::uuid, $2::text, $3::text, left(current_setting('app.current_user_label', true), 255))
