-- Step of the job make-audit-partitions (S2-30, C2-03): makes the audit log's months up to the third ahead, and raises an
-- alarm when they are not there afterwards, or when events lie in a DEFAULT partition, of which the schema has none.
create or replace function jobs.make_audit_partitions(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    v_made integer := audit.ensure_partitions(v_run.business_date, 4);
    v_default text;
    v_astray boolean := false;
    v_ahead integer;
begin
    -- By today and not by the business date: a run that catches up must see what is missing now.
    select count(*) into v_ahead from generate_series(1, 3) n
     where to_regclass('audit.audit_events_' || to_char(
        date_trunc('month', p_now at time zone 'UTC') + n * interval '1 month', 'YYYY_MM')) is not null;
    select c.relname into v_default
      from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'audit.audit_events'::regclass and pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT';
    if v_default is not null then
        execute format('select exists (select from audit.%I)', v_default) into v_astray;
    end if;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, false, null, jsonb_build_object('made', v_made),
        jsonb_strip_nulls(jsonb_build_object('months_ahead', v_ahead, 'alarm', case
            when v_astray then 'events lie in the DEFAULT partition of the audit log'
            when v_ahead < 3 then 'fewer than three months of the audit log are made ahead' end)), p_lease);
end
$$;
