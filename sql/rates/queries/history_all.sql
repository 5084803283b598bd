-- rates.history_all: every row ever believed of a product with its provenance, newest dates first. $1 product_id uuid,
-- $2-$3 cursor: effective_date date, rate_history_id uuid, $4 limit bigint
select h.rate_history_id, h.base_rate, h.bonus_rate, h.effective_date, h.end_date, h.recorded_at, h.superseded_at,
       h.source, h.external_id, h.batch_id, h.change_id, h.derived_from, h.reason, h.approved_by, h.created_at,
       h.created_by, h.created_by_user_id
  from rates.rate_history h
 where h.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and h.product_id = $1::uuid
   and (h.effective_date, h.rate_history_id)
       < (coalesce($2::date, 'infinity'), coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 order by h.effective_date desc, h.rate_history_id desc
 limit $4::bigint
