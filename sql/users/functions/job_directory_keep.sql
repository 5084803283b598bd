-- Keeps a page of a directory and where to go on, together: whoever stops in between reads the page again and keeps it
-- once. p_rows: kind, id, group_id, name, login, active. p_lease: seconds for the next page, 0 lets the run go; p_reason:
-- why it stops there. Gives the groups whose members are still to be read; null when the run is in another's hands.
create or replace function users.job_directory_keep(
    p_tenant_id uuid, p_run_id uuid, p_epoch integer, p_rows jsonb, p_cursor jsonb, p_lease integer, p_reason text,
    p_now timestamptz, p_request_id uuid)
returns text[]
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform platform.begin_job(p_tenant_id, 'compare directory', p_now, p_request_id);
    update users.directory_runs r
       set cursor = p_cursor, reason = p_reason,
           lease_until = case when p_lease > 0 then p_now + make_interval(secs => p_lease) end
     where r.tenant_id = p_tenant_id and r.run_id = p_run_id and r.lease_epoch = p_epoch and r.status = 'reading';
    if not found then
        return null;
    end if;
    insert into users.directory_seen (tenant_id, run_id, kind, id, group_id, name, login, active)
    select p_tenant_id, p_run_id, s.kind, s.id, coalesce(s.group_id, ''), s.name, s.login, s.active
      from jsonb_to_recordset(p_rows) as s(kind text, id text, group_id text, name text, login text, active boolean)
    on conflict on constraint directory_seen_pkey do update
       set name = excluded.name, login = excluded.login, active = excluded.active;
    return users.directory_groups_left(p_tenant_id, p_run_id, p_cursor ->> 'after');
end
$$;
