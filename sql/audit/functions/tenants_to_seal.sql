-- The logs with something to seal or to archive, the platform's own (nil) among them. A job visits every firm, so this
-- gives ids and no data: beside them only for how many seconds the oldest event without its leaf has waited, by the
-- database's clock; null where none does or the log comes from another server.
create or replace function audit.tenants_to_seal()
returns table (tenant_id uuid, waited bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_log record;
begin
    for v_tenant in select t.tenant_id from tenants.tenants t
                     union all select '00000000-0000-0000-0000-000000000000' order by 1 loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        select l.size, l.archived_size, l.sealed_xact, l.sealed_event into v_log
          from audit.logs l where l.tenant_id = v_tenant;
        tenant_id := v_tenant;
        waited := (select greatest(extract(epoch from clock_timestamp() - e.recorded_at), 0)
                     from audit.audit_events e
                    where e.tenant_id = v_tenant and e.xact < pg_snapshot_xmin(pg_current_snapshot())
                      and (e.xact, e.event_id) > (coalesce(v_log.sealed_xact, '0'),
                           coalesce(v_log.sealed_event, '00000000-0000-0000-0000-000000000000'))
                    order by e.xact, e.event_id limit 1);
        if waited is not null or v_log.archived_size < v_log.size
           or v_log.sealed_xact >= pg_snapshot_xmax(pg_current_snapshot()) then
            return next;
        end if;
    end loop;
end
$$;
