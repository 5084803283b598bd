-- The tenants that have rates to turn over at this instant, each by its own calendar. Goes from fence to fence, one index
-- probe each, because not even the owner of the tables sees two tenants at once.
create or replace function rates.tenants_with_due_rates(p_now timestamptz)
returns table (tenant_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before text := current_setting('app.current_tenant_id', true);
    t record;
begin
    for t in select x.tenant_id, (p_now at time zone x.time_zone)::date as today from tenants.list_active() x loop
        perform set_config('app.current_tenant_id', t.tenant_id::text, true);
        if exists (select from products.products p
                    where p.tenant_id = t.tenant_id and p.next_rate_date <= t.today) then
            tenant_id := t.tenant_id;
            return next;
        end if;
    end loop;
    perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
end
$$;
