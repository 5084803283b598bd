-- products.appointment_get: one appointment that was not removed. $1 appointment_id uuid
select a.appointment_id, a.user_id, a.issuer, a.state, a.line_of_authority, a.license_number, a.start_date, a.end_date,
       a.created_at, a.created_by, a.updated_at, a.updated_by, a.version
  from products.producer_appointments a
 where a.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and a.appointment_id = $1::uuid and a.is_active
