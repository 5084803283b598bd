-- rates.override_propose: $1 jsonb, as rates.propose_override describes it
select rates.propose_override($1::jsonb, left(current_setting('app.current_user_label', true), 255))
