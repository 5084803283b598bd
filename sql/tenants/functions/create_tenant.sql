-- Opens a firm. For the command line and the platform's administrators; no Lambda may call it yet.
create or replace function tenants.create_tenant(
    p_tenant_id uuid, p_name text, p_public_code text default null, p_time_zone text default 'America/New_York',
    p_currency text default 'USD')
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    perform now() at time zone p_time_zone;  -- an unknown zone fails here and not in every later request
    insert into tenants.tenants (tenant_id, name, public_code, time_zone, currency)
    values (coalesce(p_tenant_id, gen_random_uuid()), p_name, p_public_code, p_time_zone, p_currency)
    returning tenant_id into v_tenant;
    return v_tenant;
end
$$;
