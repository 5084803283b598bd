drop trigger if exists tenants_audit on tenants.tenants;
create trigger tenants_audit after insert or update or delete on tenants.tenants
    for each row execute function audit.row_change('tenant_id');
alter table tenants.tenants enable always trigger tenants_audit;
