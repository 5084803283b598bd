-- WA422 at p_pointer: there is no such class of records, or it has a table that nothing guards.
create or replace function audit.class_to_hold(p_class text, p_pointer text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from audit.retention_classes c where c.class = p_class) then
        perform platform.fail('WA422', 'unknown_value', 'is no class of records', p_pointer);
    elsif exists (select from audit.retention_tables m
                   where p_class = any (m.classes) and not m.guarded and m.disposal <> 'archive') then
        perform platform.fail('WA422', 'not_applicable', 'is working data, which no hold keeps', p_pointer);
    end if;
end
$$;
