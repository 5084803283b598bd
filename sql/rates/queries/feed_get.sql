-- rates.feed_get: one source of rates. $1 source text
select f.source, f.name, f.precedence, f.tolerance, f.is_active, f.pull_url, f.pull_minutes, f.pulled_at,
       f.pull_outcome, f.created_at, f.updated_at, f.version
  from rates.rate_feeds f
 where f.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and f.source = $1::text
