-- S4-97: which statements are slow and what sessions do is shown to members of pg_read_all_stats, and the daily list is made
-- in the name of wealth_owner. What this server does not have or this administrator may not give stays away, and the list
-- says so. The extension counts where shared_preload_libraries has it; it stands in a schema of its own, for everybody may
-- read what it makes, and a login that serves all firms must not find there what it was asked for another.
do $$
begin
    if not pg_catalog.pg_has_role('wealth_owner', 'pg_read_all_stats', 'member') then
        grant pg_read_all_stats to wealth_owner;
    end if;
exception when insufficient_privilege then
    raise notice 'pg_read_all_stats is not this role''s to grant';
end
$$;
do $$
begin
    if exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_stat_statements') then
        create schema if not exists monitoring;
        grant usage on schema monitoring to wealth_owner;
        create extension if not exists pg_stat_statements with schema monitoring;
    end if;
exception when insufficient_privilege then
    raise notice 'pg_stat_statements is not this role''s to create';
end
$$;

set local role wealth_owner;

-- It tells now how long each log has waited.
drop function if exists audit.tenants_to_seal();
