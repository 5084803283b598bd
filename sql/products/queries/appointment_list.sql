-- products.appointment_list: appointments that were not removed, the newest first (ids are time-ordered): one's own, or
-- everybody's for those who oversee sales, by row policy. $1 user_id uuid, $2 issuer text, $3 state text, $4 day on
-- which they hold date (NULL leaves a filter out), $5 cursor: before this appointment_id uuid, $6 limit bigint
select a.appointment_id, a.user_id, a.issuer, a.state, a.line_of_authority, a.license_number, a.start_date, a.end_date,
       a.created_at, a.created_by, a.updated_at, a.updated_by, a.version
  from products.producer_appointments a
 where a.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and a.is_active
   and ($1::uuid is null or a.user_id = $1::uuid)
   and ($2::text is null or a.issuer_key = products.issuer_key($2::text))
   and ($3::text is null or a.state = $3::text)
   and ($4::date is null or a.start_date <= $4::date and coalesce(a.end_date, 'infinity') >= $4::date)
   and a.appointment_id < coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
 order by a.appointment_id desc
 limit $6::bigint
