-- The id of a record out of its row: the values of its key, joined by /.
create or replace function audit.record_key(p_row jsonb, p_key_columns text[])
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select string_agg(p_row ->> k, '/' order by n) from unnest(p_key_columns) with ordinality u(k, n) $$;
