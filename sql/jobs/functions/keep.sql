-- Keeps what a chunk did: the place of the next one, what was counted, what there is to report; and goes on for p_lease
-- seconds, or ends the run. Gives the run as it then is. Refused to whoever lost the run.
create or replace function jobs.keep(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_more boolean, p_cursor jsonb, p_counts jsonb, p_report jsonb,
    p_lease integer)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_run jobs.runs;
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    update jobs.runs r
       set cursor = p_cursor, chunks = r.chunks + 1, counts = jobs.added(r.counts, coalesce(p_counts, '{}')),
           report = r.report || coalesce(p_report, '{}'), error = null,
           state = case when p_more then 'running' else 'done' end,
           lease_owner = case when p_more then r.lease_owner end,
           lease_until = case when p_more then clock_timestamp() + make_interval(secs => p_lease) end,
           finished_at = case when not p_more then clock_timestamp() end
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id and r.epoch = p_epoch and r.state = 'running'
    returning * into v_run;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'The run is in other hands');
    end if;
    return jsonb_build_object('more', p_more, 'cursor', v_run.cursor, 'counts', v_run.counts, 'report', v_run.report);
end
$$;
