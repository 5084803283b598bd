-- Forgets sessions of a firm that are long over, at most p_limit; the next hour takes the rest. How long they are kept says
-- the rule, or the firm's own that is longer: 30 days, for until then a replay of their tokens is still told from noise. The
-- last day is over when it is so everywhere on Earth. The audit log keeps the ids (C4-14). What is under a legal hold stays:
-- it is left out by what the holds name, so that it is not judged one by one each hour; the guard of the table judges
-- those that go. So does the session of a comparison under one.
create or replace function users.job_purge(p_tenant_id uuid, p_now timestamptz, p_request_id uuid, p_limit integer)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_class constant text[] := '{session_record}';
    v_zone text := (select t.time_zone from tenants.tenants t where t.tenant_id = p_tenant_id);
    v_today date := least((p_now at time zone v_zone)::date, (p_now at time zone 'Etc/GMT+12')::date);
    v_bound date;
    v_persons uuid[];
    v_records text[];
    v_holds boolean;
    v_count bigint;
begin
    perform platform.set_context(p_tenant_id, null, 'purge of sessions', null, null, p_now, v_zone, p_request_id, null,
        null, null, 'purge_sessions');
    perform audit.lock_holds(p_tenant_id, false);
    v_holds := audit.has_holds(p_tenant_id);
    v_bound := audit.due_bound(p_tenant_id, v_class, v_today);
    if v_bound is null or exists (select from audit.holds_on(p_tenant_id, 'users.user_sessions', null, '{}')) then
        return 0;
    end if;
    select coalesce(array_agg(s.person_id) filter (where s.kind = 'person'), '{}'),
           coalesce(array_agg(s.record_id) filter (where s.table_name = 'users.user_sessions'), '{}')
      into v_persons, v_records
      from audit.legal_hold_scopes s
      join audit.legal_holds h on h.tenant_id = s.tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
     where s.tenant_id = p_tenant_id and s.kind in ('person', 'record');
    with ended as materialized (
        select o.session_id, audit.day_of(o.login_time, v_zone) as created,
               audit.day_of(least(o.expires_at, o.absolute_expires_at, o.revoked_at, o.logout_time), v_zone) as clock
          from users.user_sessions o
         where o.tenant_id = p_tenant_id
           and least(o.expires_at, o.absolute_expires_at, o.revoked_at, o.logout_time) < v_bound
           and o.user_id <> all (v_persons) and (o.impersonator_id is null or o.impersonator_id <> all (v_persons))
           and o.session_id::text <> all (v_records)
           -- A comparison that was made in it would no longer say so.
           and not (v_holds and exists (
                select from products.product_comparisons c
                 cross join lateral audit.holds_on(c.tenant_id, 'products.product_comparisons', c.comparison_id::text,
                                        jsonb_build_object('user_id', c.user_id))
                 where c.tenant_id = o.tenant_id and c.session_id = o.session_id))),
    days as materialized (
        select d.created, d.clock from (select distinct e.created, e.clock from ended e) d
         where audit.retain_until(p_tenant_id, v_class, d.created, d.clock) < v_today)
    delete from users.user_sessions s
     where s.tenant_id = p_tenant_id and s.session_id in (
        select e.session_id from ended e join days d on d.created = e.created and d.clock = e.clock limit p_limit);
    get diagnostics v_count = row_count;
    if v_count > 0 then
        perform users.record_event('SESSIONS_PURGED', null, 'success', null, jsonb_build_object('sessions', v_count));
    end if;
    return v_count;
end
$$;
