-- rates.timeline: the rates of a product by date, as believed at an instant. $1 product_id uuid, $2 known_at
-- timestamptz (NULL: now), $3 from date: leaves out what ended before it, $4 cursor: after this
-- effective_date date, $5 limit bigint
select h.rate_history_id, h.base_rate, h.bonus_rate, h.effective_date, h.end_date, h.recorded_at, h.superseded_at,
       h.source, h.external_id, h.batch_id, h.change_id, h.reason, h.approved_by, h.created_by
  from rates.rate_history h
 where h.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and h.product_id = $1::uuid
   and h.recorded_at <= coalesce($2::timestamptz, 'infinity')
   and coalesce(h.superseded_at, 'infinity') > coalesce($2::timestamptz, '-infinity')
   and ($2::timestamptz is not null or h.superseded_at is null)
   and ($3::date is null or coalesce(h.end_date, 'infinity') >= $3::date)
   and h.effective_date > coalesce($4::date, '-infinity')
 order by h.effective_date
 limit $5::bigint
