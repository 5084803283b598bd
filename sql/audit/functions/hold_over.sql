-- A hold of a firm over a record, or NULL, judged after every hold that is just being placed. Whatever firm the transaction
-- is in, and in none when an administrator types it: it looks into this one and leaves it as it was.
create or replace function audit.hold_over(p_tenant_id uuid, p_table text, p_record_id text, p_row jsonb)
returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_here constant text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_hold uuid;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true), audit.lock_holds(p_tenant_id, false);
    select h.hold_id into v_hold from audit.holds_on(p_tenant_id, p_table, p_record_id, p_row) h limit 1;
    perform set_config('app.current_tenant_id', v_here, true);
    return v_hold;
end
$$;
