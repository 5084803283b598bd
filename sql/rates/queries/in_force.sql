-- rates.in_force: the rate of a product on a date as believed at an instant. $1 product_id uuid, $2 as_of date,
-- $3 known_at timestamptz (NULL: now)
select r.rate_history_id, r.base_rate, r.bonus_rate, r.effective_date, r.end_date, r.recorded_at, r.superseded_at,
       r.source
  from rates.rate_in_force($1::uuid, $2::date, $3::timestamptz) r
