-- Adds the outcome of one batch to its run, in the transaction of the batch itself: an answer lost on the way is found
-- again in next_line, and of two programs that work on the same file one is refused.
-- p_counts: {created, updated, unchanged, quarantined, failed}; p_errors: [{line, column, code, message}].
create or replace function products.record_import_progress(
    p_import_id uuid, p_first_line bigint, p_next_line bigint, p_counts jsonb, p_errors jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    c record;
begin
    select * into c from jsonb_to_record(p_counts) as x(
        created bigint, updated bigint, unchanged bigint, quarantined bigint, failed bigint);
    update products.imports i
       set next_line = p_next_line,
           rows_total = i.rows_total + c.created + c.updated + c.unchanged + c.quarantined + c.failed,
           rows_created = i.rows_created + c.created, rows_updated = i.rows_updated + c.updated,
           rows_unchanged = i.rows_unchanged + c.unchanged, rows_quarantined = i.rows_quarantined + c.quarantined,
           rows_failed = i.rows_failed + c.failed, version = i.version + 1
     where i.tenant_id = v_tenant and i.import_id = p_import_id and i.status = 'running'
       and i.next_line = p_first_line;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This part of the import was taken before');
    end if;
    insert into products.import_errors (tenant_id, import_id, line, ordinal, column_name, code, message)
    select v_tenant, p_import_id, (e.value ->> 'line')::bigint,
           row_number() over (partition by (e.value ->> 'line')::bigint order by e.ordinality),
           e.value ->> 'column', e.value ->> 'code', e.value ->> 'message'
      from jsonb_array_elements(coalesce(p_errors, '[]')) with ordinality e;
end
$$;
