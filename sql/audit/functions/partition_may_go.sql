-- Whether a month of the audit log (audit_events_YYYY_MM) may leave the database: not while a hold covers the log, a class
-- in it or its firm, nor while one covers a person or a record that an event in it is about; an id of several parts is found
-- by each of them. Nobody reads a partition itself, so that the month is looked at through the log, for each scope by an
-- index; once it is detached, any hold keeps it. What is no month of it may not go.
create or replace function audit.partition_may_go(p_partition text)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_here constant text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_from timestamptz;
    v_to timestamptz;
    v_tenant uuid;
    v_attached boolean := exists (
        select from pg_inherits i where i.inhrelid = to_regclass('audit.' || regexp_replace(p_partition, '^audit\.', '')));
    v_held boolean := p_partition !~ 'audit_events_\d{4}_(0[1-9]|1[0-2])$';
begin
    if v_held then
        return false;
    end if;
    v_from := to_date(right(p_partition, 7), 'YYYY_MM')::timestamptz;
    v_to := v_from + interval '1 month';
    for v_tenant in select t.tenant_id from tenants.tenants t order by 1 loop
        perform set_config('app.current_tenant_id', v_tenant::text, true), audit.lock_holds(v_tenant, false);
        v_held := exists (
            select from audit.legal_hold_scopes s
              join audit.legal_holds h
                on h.tenant_id = s.tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
             where s.tenant_id = v_tenant
               and (not v_attached
                    or s.kind = 'class' and s.class = 'audit_event'
                    or s.table_name = 'audit.audit_events'
                    or case s.kind
                       when 'tenant' then exists (
                            select from audit.audit_events e
                             where e.tenant_id = v_tenant and e.occurred_at >= v_from and e.occurred_at < v_to)
                       when 'person' then (
                            select true from audit.audit_events e
                             where e.tenant_id = v_tenant and e.actor_id = s.person_id
                               and e.occurred_at >= v_from and e.occurred_at < v_to limit 1)
                       when 'table' then (
                            select true from audit.audit_events e
                             where e.tenant_id = v_tenant and e.resource_type = split_part(s.table_name, '.', 2)
                               and e.occurred_at >= v_from and e.occurred_at < v_to limit 1)
                       when 'class' then (
                            select true from audit.retention_tables m
                              join audit.audit_events e
                                on e.tenant_id = v_tenant and e.resource_type = split_part(m.table_name, '.', 2)
                               and e.occurred_at >= v_from and e.occurred_at < v_to
                             where s.class = any (m.classes) limit 1)
                       end
                    or exists (
                        select from unnest(string_to_array(s.record_id, '/') || s.record_id || s.person_id::text) x (id)
                         where (
                            select true from audit.audit_events e
                             where e.tenant_id = v_tenant and e.resource_id = x.id
                               and e.occurred_at >= v_from and e.occurred_at < v_to limit 1))))
            or audit.month_tells(v_tenant, v_from, v_to);
        exit when v_held;
    end loop;
    perform set_config('app.current_tenant_id', v_here, true);
    return not v_held;
end
$$;
