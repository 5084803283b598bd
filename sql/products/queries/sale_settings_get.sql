-- products.sale_settings_get: how the firm sells; no row before it is first set. No parameters.
select s.appointments_enforced, s.updated_at, s.version
  from products.sale_settings s
 where s.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
