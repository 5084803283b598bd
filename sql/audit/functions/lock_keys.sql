-- Whoever takes keys of people out of the database, to encrypt or to read, waits for an erasure that is just destroying
-- keys of the firm, and the other way round.
create or replace function audit.lock_keys(p_tenant_id uuid, p_destroying boolean)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    select case when p_destroying then pg_advisory_xact_lock(4717, hashtext(p_tenant_id::text))
                else pg_advisory_xact_lock_shared(4717, hashtext(p_tenant_id::text)) end
$$;
