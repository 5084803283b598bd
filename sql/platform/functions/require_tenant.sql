-- The tenant of this transaction; an error when there is none, so that no write function runs unfenced.
create or replace function platform.require_tenant()
returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := nullif(current_setting('app.current_tenant_id', true), '')::uuid;
begin
    if v_tenant is null then
        perform platform.fail('WA401', 'unauthenticated', 'No tenant is set for this transaction');
    end if;
    return v_tenant;
end
$$;
