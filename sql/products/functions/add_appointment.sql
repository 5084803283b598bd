-- Records that an insurer appointed a producer. The person must be a member of the firm: WA422 at /user_id otherwise.
-- Overlap with another active appointment for the same: constraint producer_appointments_no_overlap.
create or replace function products.add_appointment(p_appointment_id uuid, p jsonb, p_by varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    perform from users.memberships m
      where m.tenant_id = v_tenant and m.user_id = (p ->> 'user_id')::uuid and m.status = 'active';
    if not found then
        perform platform.fail('WA422', 'validation_failed', 'There is no such active member', '/user_id');
    end if;
    insert into products.producer_appointments (
        tenant_id, appointment_id, user_id, issuer, state, line_of_authority, license_number, start_date, end_date,
        created_by, created_by_user_id)
    values (v_tenant, p_appointment_id, (p ->> 'user_id')::uuid, p ->> 'issuer', p ->> 'state',
        p ->> 'line_of_authority', p ->> 'license_number', (p ->> 'start_date')::date, (p ->> 'end_date')::date,
        p_by, platform.current_user_id());
end
$$;
