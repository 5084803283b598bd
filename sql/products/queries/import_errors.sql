-- products.import_errors: errors of a run in the order of the file. $1 import_id uuid, $2 line bigint and $3 ordinal
-- integer of the last one shown, $4 limit bigint
select e.line, e.ordinal::integer, e.column_name, e.code, e.message
  from products.import_errors e
 where e.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and e.import_id = $1::uuid and (e.line, e.ordinal) > ($2::bigint, $3::integer)
 order by e.line, e.ordinal
 limit $4::bigint
