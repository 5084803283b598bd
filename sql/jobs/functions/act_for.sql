-- Sets the context of a run: its tenant's, or the platform's for the nil UUID. Inner part of the jobs' functions.
create or replace function jobs.act_for(p_tenant_id uuid, p_job text, p_now timestamptz, p_request_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_tenant_id = '00000000-0000-0000-0000-000000000000' then
        perform platform.set_context(p_tenant_id, null, p_job, 'SystemAdministrator', 'SystemAdministrator', p_now, 'UTC',
            p_request_id, null, null, null, p_job);
    else
        perform platform.begin_job(p_tenant_id, p_job, p_now, p_request_id);
    end if;
end
$$;
