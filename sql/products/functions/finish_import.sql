-- Closes a run: finished, failed or cancelled.
create or replace function products.finish_import(p_import_id uuid, p_status text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update products.imports i
       set status = p_status, finished_at = clock_timestamp(), version = version + 1
     where i.tenant_id = platform.require_tenant() and i.import_id = p_import_id and i.status = 'running';
    if not found then
        perform platform.fail('WA404', 'import_not_found', 'There is no such running import');
    end if;
end
$$;
