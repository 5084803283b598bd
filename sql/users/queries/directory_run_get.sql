-- users.directory_run_get: one of them. $1 run_id uuid
select r.run_id, r.day, r.status, r.started_at, r.finished_at, r.counts, r.differences, r.reason, r.confirmed_by
  from users.directory_runs r
 where r.tenant_id = platform.current_tenant_id() and r.run_id = $1
