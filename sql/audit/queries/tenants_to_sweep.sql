-- audit.tenants_to_sweep: the active firms
select t.tenant_id from audit.tenants_to_sweep() t (tenant_id)
