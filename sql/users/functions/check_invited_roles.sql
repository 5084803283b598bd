-- Refuses an invitation with a role that there is not, or that is above the caller's own. p_roles: a JSON array of names.
create or replace function users.check_invited_roles(p_roles jsonb)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role record;
begin
    for v_role in select r.name, r.place from jsonb_array_elements_text(p_roles) with ordinality as r(name, place) loop
        if not exists (select from users.roles known where known.role_name = v_role.name) then
            perform platform.fail('WA422', 'unknown_role', 'There is no role of this name',
                '/roles/' || v_role.place - 1);
        end if;
        perform users.check_rank(v_role.name);
    end loop;
end
$$;
