-- Changes the licence number or the days of an appointment by a merge patch: a member that is absent stays, an end_date
-- of null leaves it open.
create or replace function products.change_appointment(
    p_appointment_id uuid, p jsonb, p_by varchar, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found products.producer_appointments := products.lock_appointment(p_appointment_id, p_expected_version);
begin
    update products.producer_appointments a
       set license_number = coalesce(p ->> 'license_number', a.license_number),
           start_date = coalesce((p ->> 'start_date')::date, a.start_date),
           end_date = case when p ? 'end_date' then (p ->> 'end_date')::date else a.end_date end,
           updated_at = now(), updated_by = p_by, updated_by_user_id = platform.current_user_id(),
           version = a.version + 1
     where a.tenant_id = v_found.tenant_id and a.appointment_id = v_found.appointment_id;
end
$$;
