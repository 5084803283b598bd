grant update on tenants.tenants to app_admin;
grant execute on function tenants.create_tenant(uuid, text, text, text, text) to app_admin;
revoke execute on function tenants.list_active() from jobs_service;
