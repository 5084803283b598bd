-- Lets happen what a comparison with the directory has held back, as it was read then: somebody has looked and wants it so.
create or replace function users.confirm_directory_run(p_directory_run_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_status text;
begin
    select r.status into v_status from users.directory_runs r
     where r.tenant_id = v_tenant and r.run_id = p_directory_run_id for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such comparison');
    elsif v_status <> 'held' then
        perform platform.fail('WA409', 'state_conflict', 'This comparison does not wait for anybody');
    end if;
    perform users.settle_directory_run(v_tenant, p_directory_run_id, true);
    perform users.keep_administrator(v_tenant);
end
$$;
