-- rates.change_get: one change. $1 change_id uuid, unless rates.update_product_rates found it waiting already
select c.change_id, c.product_id, c.base_rate, c.bonus_rate, c.effective_date, c.end_date, c.previous_base_rate,
       c.previous_bonus_rate, c.origin, c.source, c.batch_id, c.external_id, c.status, c.reason, c.quarantine_reason,
       c.proposed_at, c.proposed_by, c.decided_at, c.decided_by, c.decision_note, c.version
  from rates.rate_changes c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and c.change_id = coalesce((select nullif(current_setting('app.rate_change', true), '')::uuid), $1::uuid)
