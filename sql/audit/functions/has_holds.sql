-- Whether a firm has any hold that is not released.
create or replace function audit.has_holds(p_tenant_id uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from audit.legal_holds h where h.tenant_id = p_tenant_id and h.status <> 'released')
$$;
