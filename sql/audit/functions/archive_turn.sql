-- Takes the month's row for a step and makes sure that it is the log's turn in that state. Inner part of the steps.
create or replace function audit.archive_turn(p_tenant_id uuid, p_month date, p_state text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    select m.state, m.tenants[m.place] as tenant_id into v from audit.archive_months m
     where m.month = p_month for update;
    if v.state is distinct from p_state or v.tenant_id is distinct from p_tenant_id then
        perform platform.fail('WA409', 'state_conflict', 'Another run has done this step');
    end if;
end
$$;
