-- products.import_start: a new run over a file, or the unfinished one. $1 import_id uuid, $2 kind, $3 format text,
-- $4 file_sha256 bytea, $5 file_name text, $6 options jsonb
select s.import_id, s.next_line, s.resumed
  from products.start_import($1::uuid, $2::text, $3::text, $4::bytea, $5::text, false, $6::jsonb,
                             left(current_setting('app.current_user_label', true), 255)) s
