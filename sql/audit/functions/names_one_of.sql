-- The condition that a column of a row r has one of the ids in the text array $4. Of a column of UUIDs an index can be used.
create or replace function audit.names_one_of(p_table text, p_column text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select format(case when a.atttypid = 'uuid'::regtype
                       then 'r.%I = any (array(select x::uuid from unnest($4) x '
                            'where x ~ ''^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$''))'
                       else 'r.%I::text = any ($4)' end, p_column)
      from pg_attribute a where a.attrelid = p_table::regclass and a.attname = p_column
$$;
