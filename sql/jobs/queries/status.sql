-- jobs.status: the last runs. $1 job text, $2 date date, $3 tenant_id uuid, $4 limit integer
select s.tenant_id, s.run_id, s.job, s.business_date, s.turn, s.state, s.failures, s.chunks, s.counts, s.report, s.error,
       s.started_at, s.finished_at
  from jobs.status($1, $2, $3, $4) s
