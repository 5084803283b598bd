-- Adds the outcome of one batch to its run, in the transaction of the batch itself: an answer lost on the way is found
-- again in next_line. p_errors: [{line, column_name, code, message}].
create or replace function products.record_import_progress(
    p_import_id uuid, p_first_line bigint, p_next_line bigint, p_created bigint, p_updated bigint, p_unchanged bigint,
    p_failed bigint, p_errors jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    update products.imports i
       set next_line = p_next_line, rows_total = rows_total + p_created + p_updated + p_unchanged + p_failed,
           rows_created = rows_created + p_created, rows_updated = rows_updated + p_updated,
           rows_unchanged = rows_unchanged + p_unchanged, rows_failed = rows_failed + p_failed, version = version + 1
     where i.tenant_id = v_tenant and i.import_id = p_import_id and i.status = 'running'
       and i.next_line = p_first_line;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This part of the import was taken before');
    end if;
    insert into products.import_errors (tenant_id, import_id, line, ordinal, column_name, code, message)
    select v_tenant, p_import_id, e.line, row_number() over (partition by e.line), e.column_name, e.code, e.message
      from jsonb_to_recordset(coalesce(p_errors, '[]')) as e(line bigint, column_name text, code text, message text);
end
$$;
