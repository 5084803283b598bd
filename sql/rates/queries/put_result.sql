-- rates.put_result: what a change came to: its status, the rate in force now on its first day, and the version of the
-- product's rates. $1 change_id uuid, unless rates.update_product_rates found it waiting already
select c.status, h.product_id, h.rate_history_id, h.base_rate, h.bonus_rate, h.effective_date, h.end_date,
       h.recorded_at, h.source,
       (select count(*) from rates.rate_history v
         where v.tenant_id = c.tenant_id and v.product_id = c.product_id) as rate_version
  from rates.rate_changes c
  left join rates.rate_history h
    on h.tenant_id = c.tenant_id and h.product_id = c.product_id and h.superseded_at is null
   and h.effective_date <= c.effective_date and (h.end_date is null or h.end_date >= c.effective_date)
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and c.change_id = coalesce((select nullif(current_setting('app.rate_change', true), '')::uuid), $1::uuid)
