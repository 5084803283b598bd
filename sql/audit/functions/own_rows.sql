-- The condition that a row r is of the firm of this transaction: by its tenant, or by the person's membership. What is the
-- platform's own is no firm's.
create or replace function audit.own_rows(p_map audit.retention_tables)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from pg_attribute a where a.attrelid = p_map.table_name::regclass and a.attname = 'tenant_id') then
        return 'r.tenant_id = (select platform.current_tenant_id())';
    end if;
    if cardinality(p_map.persons) = 0 then
        return 'false';
    end if;
    return format('exists (select from users.memberships m where m.tenant_id = (select platform.current_tenant_id()) '
        'and m.user_id = r.%I)', p_map.persons[1]);
end
$$;
