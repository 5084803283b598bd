-- Proposes for each table of a firm what is due and on no open list, in the job's name: any person may then approve. How
-- many lists were made. Called again on the same day it makes none twice. Rate history has a job of its own
-- (jobs.clean_up_rates).
create or replace function audit.job_propose_disposals(p_tenant_id uuid, p_now timestamptz, p_request_id uuid)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_made integer;
begin
    perform platform.begin_job(p_tenant_id, 'propose_disposals', p_now, p_request_id);
    if not pg_try_advisory_xact_lock(4716, hashtext(p_tenant_id::text)) then
        return 0;
    end if;
    select count(*) filter (where d.records > 0) into v_made
      from audit.tables_to_propose('rate_history', false) t
     cross join lateral audit.list_due(gen_random_uuid(), t, 'The retention period is over', 'propose_disposals', 10000) d;
    return v_made;
end
$$;
