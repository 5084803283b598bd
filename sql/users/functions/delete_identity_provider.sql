-- Trusts an issuer no more. The one that the caller's own token is of stays, so that nobody saws off the branch.
-- One that is not there needs no second removal. Raises WA409 (state_conflict), WA412 (version_conflict).
create or replace function users.delete_identity_provider(
    p_identity_provider_id uuid, p_expected_version bigint, p_own_issuer text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_old users.identity_providers;
begin
    select p.* into v_old from users.identity_providers p
     where p.tenant_id = v_tenant and p.identity_provider_id = p_identity_provider_id for update;
    if p_expected_version is not null and coalesce(v_old.version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The identity provider was changed meanwhile');
    elsif v_old.issuer = p_own_issuer then
        perform platform.fail('WA409', 'state_conflict',
            'You are signed in through this issuer: sign in another way to remove it');
    end if;
    delete from users.identity_providers p
     where p.tenant_id = v_tenant and p.identity_provider_id = p_identity_provider_id;
    perform users.close_unmapped_grants(v_tenant);
end
$$;
