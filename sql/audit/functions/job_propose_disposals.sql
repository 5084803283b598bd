-- Proposes for each table of a firm what is due and on no open list, in the job's name: any person may then approve. How
-- many lists were made. Called again on the same day it makes none twice.
create or replace function audit.job_propose_disposals(p_tenant_id uuid, p_now timestamptz, p_request_id uuid)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table text;
    v_made integer := 0;
begin
    perform platform.begin_job(p_tenant_id, 'propose_disposals', p_now, p_request_id);
    if not pg_try_advisory_xact_lock(4716, hashtext(p_tenant_id::text)) then
        return 0;
    end if;
    for v_table in select m.table_name from audit.retention_tables m
                    where m.disposal = 'row'
                      and not exists (select from audit.disposals d
                                       where d.tenant_id = p_tenant_id and d.table_name = m.table_name
                                         and d.status in ('proposed', 'approved'))
                    order by 1 loop
        if exists (select from audit.due_records(v_table, platform.business_date(), 10000) d where not d.held) then
            perform audit.propose_disposal(gen_random_uuid(), v_table, 'The retention period is over',
                'propose_disposals');
            v_made := v_made + 1;
        end if;
    end loop;
    return v_made;
end
$$;
