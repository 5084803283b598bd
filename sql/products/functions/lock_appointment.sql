-- Takes an active appointment for change: unknown and removed ones are WA404, another version than expected is WA412.
create or replace function products.lock_appointment(p_appointment_id uuid, p_expected_version bigint)
returns products.producer_appointments
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found products.producer_appointments;
begin
    select * into v_found from products.producer_appointments a
     where a.tenant_id = platform.require_tenant() and a.appointment_id = p_appointment_id and a.is_active
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such appointment');
    elsif p_expected_version is not null and v_found.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The appointment was changed meanwhile', null,
            jsonb_build_object('version', v_found.version));
    end if;
    return v_found;
end
$$;
