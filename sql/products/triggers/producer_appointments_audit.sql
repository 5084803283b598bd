drop trigger if exists producer_appointments_audit on products.producer_appointments;
create trigger producer_appointments_audit after insert or update or delete on products.producer_appointments
    for each row execute function audit.row_change('appointment_id');
alter table products.producer_appointments enable always trigger producer_appointments_audit;
