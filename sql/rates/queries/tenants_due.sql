-- rates.tenants_due: tenants with rates to turn over. $1 now timestamptz
select t.tenant_id from rates.tenants_with_due_rates($1) t
