-- The daily turn of one tenant's rates, by its own calendar: the job's context and the activation in one statement.
create or replace function rates.job_activate_due_rates(p_tenant_id uuid, p_now timestamptz, p_request_id uuid)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform platform.begin_job(p_tenant_id, 'activate due rates', p_now, p_request_id);
    return rates.activate_due_rates(null);
end
$$;
