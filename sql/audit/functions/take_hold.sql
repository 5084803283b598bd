-- Takes a hold for change. Unknown: WA404; another version than expected: WA412.
create or replace function audit.take_hold(p_hold_id uuid, p_expected_version bigint)
returns audit.legal_holds
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found audit.legal_holds;
begin
    select * into v_found from audit.legal_holds h
     where h.tenant_id = platform.require_tenant() and h.hold_id = p_hold_id
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such legal hold');
    elsif p_expected_version is not null and v_found.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The legal hold was changed meanwhile', null,
            jsonb_build_object('version', v_found.version));
    end if;
    return v_found;
end
$$;
