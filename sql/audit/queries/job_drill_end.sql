-- audit.job_drill_end: $1 month date, $2 drill_id uuid, $3 report jsonb
select audit.job_drill_end($1, $2, $3) as report
