-- rates.settings_get: tolerance and strength of manual rates; no row before they are first set. No parameters.
select s.tolerance, s.manual_precedence, s.updated_at, s.version
  from rates.rate_settings s
 where s.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
