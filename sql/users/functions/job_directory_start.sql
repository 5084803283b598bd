-- Takes up the day's comparison of a tenant with its directory, or begins it: where it stands, for p_lease seconds. No row
-- when it is over, waits for a person, or is in another's hands. One of the two days before that has read something goes on
-- first, for a large directory takes longer than a night; what else earlier days left is put away.
create or replace function users.job_directory_start(
    p_tenant_id uuid, p_run_id uuid, p_lease integer, p_now timestamptz, p_request_id uuid)
returns table (run_id uuid, epoch integer, cursor jsonb, groups_left text[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_day date;
    v_unfinished date;
begin
    perform platform.begin_job(p_tenant_id, 'compare directory', p_now, p_request_id);
    v_day := platform.business_date();
    select max(r.day) into v_unfinished from users.directory_runs r
     where r.tenant_id = p_tenant_id and r.status = 'reading' and r.day between v_day - 2 and v_day - 1
       and exists (select from users.directory_seen s where s.tenant_id = p_tenant_id and s.run_id = r.run_id);
    v_day := coalesce(v_unfinished, v_day);
    insert into users.directory_runs (tenant_id, run_id, day, started_at)
    values (p_tenant_id, p_run_id, v_day, p_now)
    on conflict do nothing;
    if found then
        update users.directory_runs r
           set status = case r.status when 'held' then 'superseded' else 'failed' end,
               reason = coalesce(r.reason, 'It was not finished on its day'), finished_at = p_now, lease_until = null
         where r.tenant_id = p_tenant_id and r.day < v_day and r.status in ('reading', 'held');
        delete from users.directory_seen s where s.tenant_id = p_tenant_id and s.run_id <> p_run_id;
    end if;
    return query
        update users.directory_runs r
           set lease_epoch = r.lease_epoch + 1, lease_until = p_now + make_interval(secs => p_lease)
         where r.tenant_id = p_tenant_id and r.day = v_day and r.status = 'reading'
           and (r.lease_until is null or r.lease_until <= p_now)
        returning r.run_id, r.lease_epoch, r.cursor,
                  users.directory_groups_left(p_tenant_id, r.run_id, r.cursor ->> 'after');
end
$$;
