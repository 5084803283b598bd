-- Step of the jobs report-daily, report-weekly and report-monthly: the lists that the documents give to whoever looks after
-- the database (S4-97, S4-98, S4-99, S0-130, S0-132, S1-68), as the run's report.
create or replace function jobs.report_health(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_report jsonb;
begin
    v_report := case v_run.job
        when 'report-daily' then jobs.daily_health(v_run.business_date)
        when 'report-weekly' then jobs.weekly_health()
        when 'report-monthly' then jobs.monthly_health() end;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, false, null, jsonb_build_object('findings',
        jsonb_array_length(v_report -> 'findings')), v_report, p_lease);
end
$$;
