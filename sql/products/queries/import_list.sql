-- products.import_list: runs, the latest first. $1 started_at timestamptz and $2 import_id uuid of the last row shown,
-- $3 limit bigint
select i.import_id, i.kind, i.file_name, i.file_sha256, i.format, i.dry_run, i.status, i.next_line, i.rows_total,
       i.rows_created, i.rows_updated, i.rows_unchanged, i.rows_quarantined, i.rows_failed, i.started_at, i.finished_at,
       i.created_by
  from products.imports i
 where i.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and (i.started_at, i.import_id) < (coalesce($1::timestamptz, 'infinity'),
                                      coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 order by i.started_at desc, i.import_id desc
 limit $3::bigint
