-- users.directory_runs_list: the comparisons with the directory, latest first. No parameters
select r.run_id, r.day, r.status, r.started_at, r.finished_at, r.counts, r.differences, r.reason, r.confirmed_by
  from users.directory_runs r
 where r.tenant_id = platform.current_tenant_id()
 order by r.day desc
 limit 31
