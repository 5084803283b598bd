-- products.import_finish: closes a run. $1 import_id uuid, $2 status text
select products.finish_import($1::uuid, $2::text)
