-- Takes back an appointment that was recorded by mistake; one that ends gets an end date instead.
create or replace function products.remove_appointment(
    p_appointment_id uuid, p_by varchar, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found products.producer_appointments := products.lock_appointment(p_appointment_id, p_expected_version);
begin
    update products.producer_appointments a
       set is_active = false, updated_at = now(), updated_by = p_by, updated_by_user_id = platform.current_user_id(),
           version = a.version + 1
     where a.tenant_id = v_found.tenant_id and a.appointment_id = v_found.appointment_id;
end
$$;
