-- Sets the tenant's tolerance (NULL: no four eyes) and how strong manual rates are against feeds; expecting version 0
-- means that they were never set. Returns the version.
create or replace function rates.put_settings(
    p_tolerance numeric, p_manual_precedence integer, p_expected_version bigint default null)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_version bigint;
begin
    perform products.require_scale(p_tolerance, 4, '/tolerance');
    select s.version into v_version from rates.rate_settings s where s.tenant_id = v_tenant for update;
    if p_expected_version is not null and coalesce(v_version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The settings were changed meanwhile');
    end if;
    insert into rates.rate_settings as s (tenant_id, tolerance, manual_precedence)
    values (v_tenant, p_tolerance, coalesce(p_manual_precedence, 0))
    on conflict (tenant_id) do update
       set tolerance = excluded.tolerance, manual_precedence = excluded.manual_precedence, updated_at = now(),
           version = s.version + 1
    returning s.version into v_version;
    return v_version;
end
$$;
