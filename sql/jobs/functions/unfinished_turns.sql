-- The last turn of each job of the platform, where it is not over and in nobody's hands: left for want of time, failed for
-- now, or its process died. Earlier ones are left to it.
create or replace function jobs.unfinished_turns()
returns table (job text, turn timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', '00000000-0000-0000-0000-000000000000', true);
    return query
        select s.job, s.turn
          from (select distinct on (r.job) r.job, r.turn, r.state, r.lease_until
                  from jobs.runs r
                 where r.tenant_id = '00000000-0000-0000-0000-000000000000' and r.turn is not null
                   and r.state in ('waiting', 'running')
                 order by r.job, r.turn desc) s
         where s.state = 'waiting' or s.lease_until <= clock_timestamp();
    perform set_config('app.current_tenant_id', '', true);
end
$$;
