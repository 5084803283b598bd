-- A tile grows until it is full; what it has stays as it is, for every role.
create or replace function audit.only_longer()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and length(new.hashes) > length(old.hashes)
       and (new.tenant_id, new.level, new.tile_index) = (old.tenant_id, old.level, old.tile_index)
       and substring(new.hashes from 1 for length(old.hashes)) = old.hashes then
        return new;
    end if;
    raise exception using errcode = 'WA403', message = format('%s.%s only grows: %s is refused',
        tg_table_schema, tg_table_name, tg_op), detail = '{"code": "append_only"}';
end
$$;
