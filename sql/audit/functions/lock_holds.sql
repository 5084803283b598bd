-- Whoever deletes waits for whoever is just placing a hold, and the other way round: what is judged after this lock is
-- judged by every hold that is committed.
create or replace function audit.lock_holds(p_tenant_id uuid, p_placing boolean)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    select case when p_placing then pg_advisory_xact_lock(4714, hashtext(p_tenant_id::text))
                else pg_advisory_xact_lock_shared(4714, hashtext(p_tenant_id::text)) end
$$;
