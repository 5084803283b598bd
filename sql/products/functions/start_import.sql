-- Opens a run over a file, or finds the unfinished run over the same bytes and says where to go on.
create or replace function products.start_import(
    p_import_id uuid, p_kind text, p_format text, p_file_sha256 bytea, p_file_name text, p_dry_run boolean,
    p_options jsonb, p_created_by varchar)
returns table (import_id uuid, next_line bigint, resumed boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    return query
        select i.import_id, i.next_line, true from products.imports i
         where i.tenant_id = v_tenant and i.kind = p_kind and i.file_sha256 = p_file_sha256 and i.format = p_format
           and i.status = 'running' and not i.dry_run and not p_dry_run;
    if not found then
        return query
            insert into products.imports as i (tenant_id, import_id, kind, file_name, file_sha256, format, dry_run,
                options, created_by, created_by_user_id)
            values (v_tenant, coalesce(p_import_id, gen_random_uuid()), p_kind, p_file_name, p_file_sha256, p_format,
                p_dry_run, coalesce(p_options, '{}'), p_created_by, platform.current_user_id())
            returning i.import_id, i.next_line, false;
    end if;
end
$$;
