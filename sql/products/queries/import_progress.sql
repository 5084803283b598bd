-- products.import_progress: books one batch. $1 import_id uuid, $2 first_line, $3 next_line bigint, $4 counts,
-- $5 errors jsonb
select products.record_import_progress($1::uuid, $2::bigint, $3::bigint, $4::jsonb, $5::jsonb)
