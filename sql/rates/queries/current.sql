-- rates.current: the rate of a product on a date as believed at an instant; a product without one answers with NULLs.
-- $1 product_id uuid, $2 as_of date (NULL: today of the tenant), $3 known_at timestamptz (NULL: now),
-- $4 account_reference text (NULL: none asked about), whose override comes beside the rate
select p.product_id, d.as_of, r.rate_history_id, r.base_rate, r.bonus_rate, r.effective_date, r.end_date,
       r.recorded_at, r.source, o.override_id, o.base_rate as account_base_rate, o.bonus_rate as account_bonus_rate,
       o.effective_date as account_effective_date, o.end_date as account_end_date,
       o.recorded_at as account_recorded_at, o.reason as account_reason
  from products.products p
 cross join lateral (select coalesce($2::date, platform.business_date()) as as_of) d
  left join lateral rates.rate_in_force(p.product_id, d.as_of, $3::timestamptz) r on true
  left join lateral rates.override_in_force(p.product_id, $4::text, d.as_of, $3::timestamptz) o on $4::text is not null
 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = $1::uuid
