-- The condition that finds a record by its id: the row r of a table whose key has these columns, each value as text that
-- is cast to the column's type, so that the key's index serves. Ids of several parts are joined by /.
create or replace function audit.key_predicate(p_table text, p_key_columns text[], p_record_id text)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rest text := p_record_id;
    v_part text;
    v_last integer := cardinality(p_key_columns);
    v_all text[] := '{}';
begin
    for i in 1 .. v_last loop
        v_part := case when i = v_last then v_rest else split_part(v_rest, '/', 1) end;
        v_rest := substr(v_rest, length(v_part) + 2);
        v_all := v_all || format('r.%I = %L::%s', p_key_columns[i], v_part,
            (select format_type(a.atttypid, null) from pg_attribute a
              where a.attrelid = p_table::regclass and a.attname = p_key_columns[i]));
    end loop;
    return array_to_string(v_all, ' and ');
end
$$;
