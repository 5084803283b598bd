-- Sets how the firm sells; expecting version 0 means that it was never set.
create or replace function products.put_sale_settings(p_appointments_enforced boolean, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_version bigint;
begin
    select s.version into v_version from products.sale_settings s where s.tenant_id = v_tenant for update;
    if p_expected_version is not null and coalesce(v_version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The settings were changed meanwhile');
    end if;
    insert into products.sale_settings as s (tenant_id, appointments_enforced)
    values (v_tenant, p_appointments_enforced)
    on conflict (tenant_id) do update
       set appointments_enforced = excluded.appointments_enforced, updated_at = now(), version = s.version + 1;
end
$$;
