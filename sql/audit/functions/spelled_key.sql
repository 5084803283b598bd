-- The id of a record as audit.record_key spells it, out of the same id spelled in any way that the types of its key read:
-- two spellings of a UUID are one. NULL: it is no value of this key.
create or replace function audit.spelled_key(p_table text, p_key_columns text[], p_record_id text)
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
        execute format('select to_jsonb(%L::%s) #>> ''{}''', nullif(v_part, ''),
            (select format_type(a.atttypid, null) from pg_attribute a
              where a.attrelid = p_table::regclass and a.attname = p_key_columns[i])) into v_part;
        v_all := v_all || v_part;
    end loop;
    return case when array_position(v_all, null) is null then array_to_string(v_all, '/') end;
exception
    when invalid_text_representation or numeric_value_out_of_range then
        return null;
end
$$;
