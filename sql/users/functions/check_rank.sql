-- Nobody gives a role above their own, to themselves or to others: the strongest role of the credential bounds it.
create or replace function users.check_rank(p_role_name text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rank smallint;
    v_own smallint;
begin
    select r.rank into v_rank from users.roles r where r.role_name = p_role_name;
    if not found then
        perform platform.fail('WA422', 'unknown_role', 'There is no role of this name', '/role_name');
    end if;
    select max(r.rank) into v_own from users.roles r
     where r.role_name = any (string_to_array(current_setting('app.current_user_roles', true), ','));
    if v_rank > coalesce(v_own, -1) then
        perform platform.fail('WA403', 'permission_denied', 'This role is above your own');
    end if;
end
$$;
