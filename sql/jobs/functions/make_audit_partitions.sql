-- Step of the job make-audit-partitions (S2-30, C2-03): makes the audit log's months up to the sixth ahead, and raises an
-- alarm when fewer than three were there before, because a clock jumped or this was not done for long, or fewer than six
-- are afterwards; and when events lie in a DEFAULT partition, of which the schema has none. A month is there when it is a
-- part of the log: a table of its name beside it is none.
create or replace function jobs.make_audit_partitions(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_chunk integer, p_lease integer, p_now timestamptz,
    p_request_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_run jobs.runs := jobs.hold(p_tenant_id, p_run_id, p_epoch, p_now, p_request_id);
    -- By now and not by the business date: a run that catches up must see what is missing now. Events are of the months
    -- of the server's clock, whatever ours says.
    v_today date := greatest(p_now, clock_timestamp())::date;
    v_before integer := jobs.audit_months_ahead(v_today);
    v_made integer := audit.ensure_partitions(least(p_now, clock_timestamp())::date, 7) + audit.ensure_partitions(v_today, 7);
    v_ahead integer := jobs.audit_months_ahead(v_today);
    v_default text;
    v_astray boolean := false;
begin
    select c.relname into v_default
      from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'audit.audit_events'::regclass and pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT';
    if v_default is not null then
        execute format('select exists (select from audit.%I)', v_default) into v_astray;
    end if;
    return jobs.keep(p_tenant_id, p_run_id, p_epoch, false, null, jsonb_build_object('made', v_made),
        jsonb_strip_nulls(jsonb_build_object('months_ahead', v_ahead, 'alarm', case
            when v_astray then 'events lie in the DEFAULT partition of the audit log'
            when v_ahead < 6 then format('only %s months of the audit log are made ahead and no more can be', v_ahead)
            when v_before < 3 then format('only %s months of the audit log were made ahead', v_before) end)), p_lease);
end
$$;
