-- What each person of the tenant did on a business date (S0-91), counted anew: sessions begun, comparisons made, events in the
-- audit log. Gives how many people did something. A day lasts from midnight to midnight of the tenant's own clock.
create or replace function reporting.roll_up_activity(p_date date)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_zone text := (select t.time_zone from tenants.tenants t where t.tenant_id = v_tenant);
    v_from timestamptz := p_date::timestamp at time zone v_zone;
    v_to timestamptz := (p_date + 1)::timestamp at time zone v_zone;
    v_people bigint;
begin
    delete from users.activity_daily a where a.tenant_id = v_tenant and a.business_date = p_date;
    insert into users.activity_daily (tenant_id, business_date, user_id, sessions, comparisons, actions)
    select v_tenant, p_date, d.user_id, sum(d.sessions), sum(d.comparisons), sum(d.actions)
      from (
        select s.user_id, 1 as sessions, 0 as comparisons, 0 as actions from users.user_sessions s
         where s.tenant_id = v_tenant and s.login_time >= v_from and s.login_time < v_to
        union all
        select c.user_id, 0, 1, 0 from products.product_comparisons c
         where c.tenant_id = v_tenant and c.comparison_date >= v_from and c.comparison_date < v_to
        union all
        select e.actor_id, 0, 0, 1 from audit.audit_events e
         where e.tenant_id = v_tenant and e.occurred_at >= v_from and e.occurred_at < v_to and e.actor_type = 'user') d
     where d.user_id is not null
     group by d.user_id;
    get diagnostics v_people = row_count;
    return v_people;
end
$$;
