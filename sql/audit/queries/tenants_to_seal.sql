-- audit.tenants_to_seal: the logs with something to seal or to archive
select t.tenant_id from audit.tenants_to_seal() t (tenant_id)
