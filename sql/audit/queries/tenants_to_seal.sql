-- audit.tenants_to_seal: the logs with something to seal or to archive, those that wait longest first
select t.tenant_id, t.waited from audit.tenants_to_seal() t order by t.waited desc nulls first
