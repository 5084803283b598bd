-- The last runs of each job and tenant, newest first, at most p_limit of each; p_job, p_date, p_tenant_id: those only. For
-- the operator, who runs the jobs of every firm; it shows what they counted and nothing that they worked on.
create or replace function jobs.status(p_job text, p_date date, p_tenant_id uuid, p_limit integer)
returns table (
    tenant_id uuid, run_id uuid, job text, business_date date, turn timestamptz, state text, failures integer,
    chunks integer, counts jsonb, report jsonb, error text, started_at timestamptz, finished_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
begin
    for v_tenant in
        select x.tenant_id from tenants.tenants x where p_tenant_id is null or x.tenant_id = p_tenant_id
         union all
        select '00000000-0000-0000-0000-000000000000' where p_tenant_id is null
         order by 1
    loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        return query
            select s.tenant_id, s.run_id, s.job, s.business_date, s.turn, s.state, s.failures, s.chunks, s.counts, s.report,
                   s.error, s.started_at, s.finished_at
              from (select r.*, row_number() over (
                        partition by r.job order by r.business_date desc, r.turn desc nulls last) as place
                      from jobs.runs r
                     where r.tenant_id = v_tenant and (p_job is null or r.job = p_job)
                       and (p_date is null or r.business_date = p_date)) s
             where s.place <= p_limit
             order by s.job, s.place;
    end loop;
    perform set_config('app.current_tenant_id', '', true);
end
$$;
