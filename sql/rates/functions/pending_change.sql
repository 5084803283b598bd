-- Takes a pending change for decision by the person of this request, who must be another than proposed it.
create or replace function rates.pending_change(p_change_id uuid, p_expected_version bigint)
returns rates.rate_changes
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_change rates.rate_changes;
begin
    select * into v_change from rates.rate_changes c
     where c.tenant_id = platform.require_tenant() and c.change_id = p_change_id
       for update;
    if not found then
        perform platform.fail('WA404', 'rate_change_not_found', 'There is no such rate change');
    elsif p_expected_version is not null and v_change.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The rate change was decided on meanwhile', null,
            jsonb_build_object('version', v_change.version));
    elsif v_change.status <> 'pending' then
        perform platform.fail('WA409', 'state_conflict', 'This rate change is not pending');
    end if;
    return v_change;
end
$$;
