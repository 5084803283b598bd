-- rates.feeds_list: the sources of rates, strongest first. No parameters.
select f.source, f.name, f.precedence, f.tolerance, f.is_active, f.pull_url, f.pull_minutes, f.pulled_at,
       f.pull_outcome, f.created_at, f.updated_at, f.version
  from rates.rate_feeds f
 where f.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
 order by f.precedence desc, f.source
