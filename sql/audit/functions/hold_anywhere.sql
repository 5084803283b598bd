-- A hold over a record of a person that is no firm's own: of any firm that the person is or was a member of.
create or replace function audit.hold_anywhere(p_table text, p_record_id text, p_row jsonb)
returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_hold uuid;
begin
    for v_tenant in select distinct m.tenant_id
                      from audit.retention_tables t, unnest(t.persons) c
                      join users.memberships m on m.user_id = (p_row ->> c)::uuid
                     where t.table_name = p_table order by 1 loop
        v_hold := audit.hold_over(v_tenant, p_table, p_record_id, p_row);
        exit when v_hold is not null;
    end loop;
    return v_hold;
end
$$;
