-- rates.changes_list: proposed and made changes, newest first (ids are time-ordered). $1 status text, $2 product_id
-- uuid, $3 origin text (NULL leaves a filter out), $4 cursor: before this change_id uuid, $5 limit bigint
select c.change_id, c.product_id, c.base_rate, c.bonus_rate, c.effective_date, c.end_date, c.previous_base_rate,
       c.previous_bonus_rate, c.origin, c.source, c.batch_id, c.external_id, c.status, c.reason, c.quarantine_reason,
       c.proposed_at, c.proposed_by, c.decided_at, c.decided_by, c.decision_note, c.version
  from rates.rate_changes c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::text is null or c.status = $1::text)
   and ($2::uuid is null or c.product_id = $2::uuid)
   and ($3::text is null or c.origin = $3::text)
   and c.change_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
 order by c.change_id desc
 limit $5::bigint
