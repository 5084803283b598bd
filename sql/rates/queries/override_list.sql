-- rates.override_list: overrides with all that was ever believed of them, the newest first (ids are time-ordered).
-- $1 product_id uuid, $2 account_reference text, $3 status text (NULL leaves a filter out), $4 cursor: before this
-- override_id uuid, $5 limit bigint
select o.override_id, o.product_id, o.account_reference, o.base_rate, o.bonus_rate, o.effective_date, o.end_date,
       o.status, o.reason, o.product_base_rate, o.product_bonus_rate, o.proposed_at, o.proposed_by, o.decided_at,
       o.decided_by, o.decision_note, o.recorded_at, o.superseded_at, o.derived_from, o.version
  from rates.rate_overrides o
 where o.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::uuid is null or o.product_id = $1::uuid)
   and ($2::text is null or o.account_reference = $2::text)
   and ($3::text is null or o.status = $3::text)
   and o.override_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
 order by o.override_id desc
 limit $5::bigint
