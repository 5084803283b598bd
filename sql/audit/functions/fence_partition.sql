-- Gives a partition what it does not inherit: row security, its policies, no grants, the guard against TRUNCATE. Inner
-- part of the functions that make partitions.
create or replace function audit.fence_partition(p_name text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('alter table audit.%I enable row level security, force row level security', p_name);
    execute format('create policy tenant_fence on audit.%I as restrictive for select to public using '
        '(tenant_id = (select nullif(current_setting(''app.current_tenant_id'', true), '''')::uuid))', p_name);
    execute format('create policy owner_insert on audit.%I for insert to wealth_owner with check '
        '(tenant_id = coalesce((select nullif(current_setting(''app.current_tenant_id'', true), '''')::uuid), '
        'tenant_id))', p_name);
    execute format('revoke all on audit.%I from public, app_read_only, app_read_write, app_admin', p_name);
    execute format('create trigger audit_events_no_truncate before truncate on audit.%I '
        'for each statement execute function audit.append_only()', p_name);
    execute format('alter table audit.%I enable always trigger audit_events_no_truncate', p_name);
end
$$;
