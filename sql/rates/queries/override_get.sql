-- rates.override_get: one override; of an ended one the rest of it, if $2 names it. $1 override_id uuid, $2 id of the
-- rest uuid (NULL: none asked for)
select o.override_id, o.product_id, o.account_reference, o.base_rate, o.bonus_rate, o.effective_date, o.end_date,
       o.status, o.reason, o.product_base_rate, o.product_bonus_rate, o.proposed_at, o.proposed_by, o.decided_at,
       o.decided_by, o.decision_note, o.recorded_at, o.superseded_at, o.derived_from, o.version
  from rates.rate_overrides o
 where o.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and o.override_id in ($1::uuid, $2::uuid)
 order by o.derived_from is null
 limit 1
