-- products.import_get: a run of an import with its first thousand errors. $1 import_id uuid
select i.import_id, i.kind, i.file_name, i.file_sha256, i.format, i.dry_run, i.status, i.next_line, i.rows_total,
       i.rows_created, i.rows_updated, i.rows_unchanged, i.rows_quarantined, i.rows_failed, i.started_at,
       i.finished_at, i.created_by,
       coalesce((select jsonb_agg(jsonb_build_object('line', e.line, 'column', e.column_name, 'code', e.code,
                                                     'message', e.message) order by e.line, e.ordinal)
                   from (select x.* from products.import_errors x
                          where x.tenant_id = i.tenant_id and x.import_id = i.import_id
                          order by x.line, x.ordinal limit 1000) e), '[]'::jsonb) as errors
  from products.imports i
 where i.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and i.import_id = $1::uuid
