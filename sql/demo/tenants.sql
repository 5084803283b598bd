-- Two firms, so that the fence between them can be seen. Both are invented.
set local role wealth_owner;

select tenants.create_tenant('019a0000-0000-7000-8000-000000000001', 'Meridian Advisory', 'MERIDIAN')
 where not exists (select from tenants.tenants t where t.tenant_id = '019a0000-0000-7000-8000-000000000001');
select tenants.create_tenant('019a0000-0000-7000-8000-000000000002', 'Harbor Point Partners', 'HARBOR', 'America/Chicago')
 where not exists (select from tenants.tenants t where t.tenant_id = '019a0000-0000-7000-8000-000000000002');
