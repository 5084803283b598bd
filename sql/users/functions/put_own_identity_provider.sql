-- Trusts an issuer, or changes how, for the tenant of the request only. An id keeps its issuer: who signs in there is
-- known by it. Expecting version 0 means that it is new.
-- Raises WA409 (duplicate, state_conflict), WA412 (version_conflict), WA422 (validation_failed).
create or replace function users.put_own_identity_provider(
    p_identity_provider_id uuid, p_settings jsonb, p_expected_version bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_old users.identity_providers;
begin
    perform pg_advisory_xact_lock(hashtextextended('issuer ' || (p_settings ->> 'issuer'), 0));
    select p.* into v_old from users.identity_providers p
     where p.tenant_id = v_tenant and p.identity_provider_id = p_identity_provider_id for update;
    if p_expected_version is not null and coalesce(v_old.version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The identity provider was changed meanwhile');
    elsif v_old.issuer <> p_settings ->> 'issuer' then
        perform platform.fail('WA422', 'validation_failed', 'cannot change: declare another identity provider',
            '/issuer');
    elsif exists (select from users.identity_providers p
                   where p.tenant_id = v_tenant and p.issuer = p_settings ->> 'issuer'
                     and p.identity_provider_id <> p_identity_provider_id) then
        perform platform.fail('WA409', 'duplicate', 'The firm trusts this issuer already', '/issuer');
    elsif exists (select from jsonb_each_text(p_settings -> 'group_roles') g
                   where not exists (select from users.roles r where r.role_name = g.value)) then
        perform platform.fail('WA422', 'validation_failed', 'must name roles that exist', '/group_roles');
    end if;
    perform users.put_identity_provider(v_tenant,
        p_settings || jsonb_build_object('identity_provider_id', p_identity_provider_id));
end
$$;
