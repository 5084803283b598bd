-- Places a legal hold. p: hold_id, name, reason, scopes: [{kind, table_name, record_id, person_id, class}]. It covers what
-- is there and what comes, so that a scope that would keep nothing is refused (WA422). Waits for deletions that are under
-- way; those that come later see it.
create or replace function audit.place_hold(p jsonb, p_by varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_hold uuid := (p ->> 'hold_id')::uuid;
    v_scopes jsonb := audit.hold_scopes(p -> 'scopes');
begin
    perform audit.lock_holds(v_tenant, true);
    insert into audit.legal_holds (tenant_id, hold_id, name, reason, placed_by, placed_by_user_id)
    values (v_tenant, v_hold, p ->> 'name', p ->> 'reason', p_by, platform.current_user_id());
    insert into audit.legal_hold_scopes (tenant_id, hold_id, ordinal, kind, table_name, record_id, person_id, class)
    select v_tenant, v_hold, s.n - 1, s.scope ->> 'kind', s.scope ->> 'table_name', s.scope ->> 'record_id',
           (s.scope ->> 'person_id')::uuid, s.scope ->> 'class'
      from jsonb_array_elements(v_scopes) with ordinality s(scope, n);
    perform audit.write(v_tenant, 'legal_hold.placed', 'LEGAL_HOLD_PLACED', 'legal_holds', v_hold::text, null, null,
        p - 'reason' || jsonb_build_object('scopes', v_scopes), p ->> 'reason');
end
$$;
