-- Executes the next part of an approved disposal of a firm whose wait is over: at most p_limit records, each judged again
-- at this moment and deleted alone, so that one that is held or in use keeps no other. The last part writes the
-- certificate. A second run meanwhile takes nothing; one after it goes on. No row: there is nothing to do.
create or replace function audit.job_dispose(p_tenant_id uuid, p_now timestamptz, p_request_id uuid, p_limit integer)
returns table (disposal_id uuid, disposed bigint, kept bigint, finished boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_disposal audit.disposals;
    v_item record;
    v_why text;
begin
    perform platform.begin_job(p_tenant_id, 'dispose_of_records', p_now, p_request_id);
    select * into v_disposal from audit.disposals d
     where d.tenant_id = p_tenant_id and d.status = 'approved' and d.execute_on <= platform.business_date()
     order by d.execute_on, d.disposal_id limit 1
       for update skip locked;
    if not found then
        return;
    end if;
    perform audit.lock_holds(p_tenant_id, false);
    disposal_id := v_disposal.disposal_id;
    disposed := 0;
    kept := 0;
    for v_item in select i.record_id from audit.disposal_items i
                   where i.tenant_id = p_tenant_id and i.disposal_id = v_disposal.disposal_id and i.state = 'pending'
                   order by i.record_id limit p_limit loop
        begin
            v_why := audit.dispose_record(v_disposal, v_item.record_id);
        exception
            when foreign_key_violation then
                v_why := 'in_use';
            when sqlstate 'WA409' then
                v_why := 'held';
        end;
        if v_why is null then
            disposed := disposed + 1;
        else
            kept := kept + 1;
            update audit.disposal_items i set state = 'kept', why = v_why
             where i.tenant_id = p_tenant_id and i.disposal_id = v_disposal.disposal_id and i.record_id = v_item.record_id;
        end if;
    end loop;
    finished := not exists (
        select from audit.disposal_items i
         where i.tenant_id = p_tenant_id and i.disposal_id = v_disposal.disposal_id and i.state = 'pending');
    if finished then
        perform audit.certify_disposal(v_disposal);
    end if;
    return next;
end
$$;
