-- rates.import_rows: loads some rates. $1 rows jsonb, $2 options jsonb
select r.line, r.product_id, r.outcome, r.code, r.column_name, r.message
  from rates.import_batch($1::jsonb, $2::jsonb) r
