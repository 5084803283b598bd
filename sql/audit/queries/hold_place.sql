-- audit.hold_place: $1 jsonb, as audit.place_hold describes it
select audit.place_hold($1::jsonb, left(current_setting('app.current_user_label', true), 255))
