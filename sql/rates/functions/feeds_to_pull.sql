-- The sources that are to be asked for their batches at this instant, at most p_limit, each firm's in the order of their
-- names. A minute's grace: a schedule that calls a moment early must not make every second time of it. Goes from fence to
-- fence as rates.tenants_with_due_rates does.
create or replace function rates.feeds_to_pull(p_now timestamptz, p_limit integer)
returns table (tenant_id uuid, source text, url text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before text := current_setting('app.current_tenant_id', true);
    v_left integer := p_limit;
    v_tenant uuid;
    f record;
begin
    for v_tenant in select x.tenant_id from tenants.list_active() x loop
        exit when v_left <= 0;
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        for f in select r.source, r.pull_url from rates.rate_feeds r
                  where r.tenant_id = v_tenant and r.is_active and r.pull_url is not null
                    and (r.pulled_at is null or r.pulled_at + make_interval(mins => r.pull_minutes - 1) <= p_now)
                  order by r.source limit v_left loop
            tenant_id := v_tenant;
            source := f.source;
            url := f.pull_url;
            v_left := v_left - 1;
            return next;
        end loop;
    end loop;
    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
end
$$;
