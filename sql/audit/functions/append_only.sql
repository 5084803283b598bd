-- What was recorded stays recorded, for every role and every way of asking (C0-11), until its time is over and a disposal
-- takes it.
create or replace function audit.append_only()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' and tg_level = 'ROW'
       and audit.is_disposed_of(tg_table_schema || '.' || tg_table_name, to_jsonb(old)) then
        return old;
    end if;
    raise exception using errcode = 'WA403', message = format('%s.%s is append-only: %s is refused',
        tg_table_schema, tg_table_name, tg_op), detail = '{"code": "append_only"}';
end
$$;
