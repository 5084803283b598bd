-- Declares a source of rates or changes it; expecting version 0 means that there is none yet. Returns its version. A source
-- that is asked at another address than before is asked at once.
create or replace function rates.put_feed(
    p_source text, p_name text, p_precedence integer, p_tolerance numeric, p_is_active boolean, p_pull_url text,
    p_pull_minutes integer, p_expected_version bigint default null)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_version bigint;
begin
    select f.version into v_version from rates.rate_feeds f
     where f.tenant_id = v_tenant and f.source = p_source for update;
    if p_expected_version is not null and coalesce(v_version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The feed was changed meanwhile');
    end if;
    insert into rates.rate_feeds as f (tenant_id, source, name, precedence, tolerance, is_active, pull_url, pull_minutes)
    values (v_tenant, p_source, p_name, coalesce(p_precedence, 100), p_tolerance, coalesce(p_is_active, true), p_pull_url,
            p_pull_minutes)
    on conflict (tenant_id, source) do update
       set name = excluded.name, precedence = excluded.precedence, tolerance = excluded.tolerance,
           is_active = excluded.is_active, pull_url = excluded.pull_url, pull_minutes = excluded.pull_minutes,
           pulled_at = case when f.pull_url = excluded.pull_url then f.pulled_at end,
           pull_outcome = case when f.pull_url = excluded.pull_url then f.pull_outcome end,
           updated_at = now(), version = f.version + 1
    returning f.version into v_version;
    return v_version;
end
$$;
