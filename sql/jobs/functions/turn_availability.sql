-- Step of the job turn-availability (S0-138): says in the log which windows opened with the business date and which closed
-- with the one before, each once, p_chunk at a time. What is on sale follows from the dates alone; this tells of it.
create or replace function jobs.turn_availability(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_window record;
    v_opened integer := 0;
    v_closed integer := 0;
    v_last uuid := (v_run.cursor ->> 'availability_id')::uuid;
begin
    for v_window in
        select w.availability_id, w.product_id, w.start_date, w.end_date, w.start_date = v_run.business_date as opens
          from products.product_availability w
         where w.tenant_id = p_tenant_id and w.is_active
           and (w.start_date = v_run.business_date or w.end_date = v_run.business_date - 1)
           and (v_last is null or w.availability_id > v_last)
         order by w.availability_id limit p_chunk
    loop
        perform audit.write(p_tenant_id,
            case when v_window.opens then 'product.availability_opened' else 'product.availability_closed' end, null,
            'product_availability', v_window.availability_id::text, null, null, jsonb_build_object(
                'product_id', v_window.product_id, 'start_date', v_window.start_date, 'end_date', v_window.end_date,
                'business_date', v_run.business_date));
        v_opened := v_opened + v_window.opens::integer;
        v_closed := v_closed + (not v_window.opens)::integer;
        v_last := v_window.availability_id;
    end loop;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, v_opened + v_closed = p_chunk,
        jsonb_build_object('availability_id', v_last),
        jsonb_build_object('opened', v_opened, 'closed', v_closed), null, p_lease);
end
$$;
