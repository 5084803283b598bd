-- Begins to archive a month: closes its partition, makes sure that every event in it has its leaf and every leaf its
-- event, and notes what each log has of it. Refused, with nothing changed, while events wait for their leaf.
create or replace function audit.job_archive_begin(p_month date, p_now timestamptz)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set lock_timeout = '250ms'
as $$
declare
    v_settings record;
    v_tenant uuid;
    v_tenants uuid[] := '{}';
    v_from timestamptz := p_month;
    v_to timestamptz := p_month + interval '1 month';
    v_events bigint;
    v_leaves record;
    v_size bigint;
begin
    select * into v_settings from audit.archive_settings;
    if v_to + make_interval(months => v_settings.hot_months) > p_now then
        perform platform.fail('WA409', 'state_conflict', 'This month is not old enough');
    end if;
    -- Each manifest names the one before it, for as long as the archive lasts.
    if exists (
        select from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'audit.audit_events'::regclass and c.relname ~ '^audit_events_\d{4}_\d{2}$'
           and c.relname < audit.archive_partition(p_month)
           and not exists (select from audit.archive_months m
                            where audit.archive_partition(m.month) = c.relname and m.state <> 'writing')) then
        perform platform.fail('WA409', 'state_conflict', 'An older month has to be written first');
    end if;
    insert into audit.archive_months (month) values (p_month) on conflict on constraint archive_months_pkey do nothing;
    if not found then
        return false;  -- another run was first
    end if;
    perform audit.close_partition(audit.archive_partition(p_month));
    for v_tenant in select t.tenant_id from tenants.tenants t
                     union all select '00000000-0000-0000-0000-000000000000' order by 1 loop
        perform set_config('app.current_tenant_id', v_tenant::text, true);
        select count(*) into v_events from audit.audit_events e
         where e.tenant_id = v_tenant and e.occurred_at >= v_from and e.occurred_at < v_to;
        select count(*) as n, min(l.leaf_index) as first, max(l.leaf_index) as last into v_leaves
          from audit.log_leaves l where l.tenant_id = v_tenant and l.occurred_at >= v_from and l.occurred_at < v_to;
        if v_events > v_leaves.n then
            perform platform.fail('WA409', 'state_conflict', 'Events of this month are not sealed yet');
        elsif v_events < v_leaves.n then
            perform platform.fail('WA409', 'chain_broken', format('The log of %s has lost events of %s', v_tenant, p_month));
        end if;
        if v_events > 0 then
            select l.size into v_size from audit.logs l where l.tenant_id = v_tenant;
            insert into audit.archive_logs (tenant_id, month, rows, first_leaf, last_leaf, tree_size, keep_until)
            values (v_tenant, p_month, v_events, v_leaves.first, v_leaves.last, v_size,
                    greatest(v_to + make_interval(years => v_settings.keep_years),
                             audit.retain_until(v_tenant, '{audit_event}', p_month, v_to::date)::timestamptz));
            v_tenants := v_tenants || v_tenant;
        end if;
    end loop;
    update audit.archive_months m
       set tenants = v_tenants, state = case when v_tenants = '{}' then 'verified' else 'writing' end
     where m.month = p_month;
    return true;
end
$$;
