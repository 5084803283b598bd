-- products.import_rows: loads some products. $1 rows jsonb, $2 options jsonb
select r.line, r.product_id, r.outcome, r.code, r.column_name, r.message
  from products.import_batch($1::jsonb, $2::jsonb) r order by r.line
