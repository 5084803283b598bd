-- What the archive has to do next: the month that is furthest behind, its state, and, where it is a log's turn, how far
-- that log is. A month that something holds back keeps no other waiting. 'due' is a month that is to be begun.
-- Looks only at p_month unless that is NULL.
create or replace function audit.job_archive_next(p_now timestamptz, p_month date default null)
returns table (
    month date, state text, tenant_id uuid, rows bigint, first_leaf bigint, last_leaf bigint, tree_size bigint,
    keep_until timestamptz, manifest_path text, manifest_sha256 bytea, begun_at timestamptz, part integer,
    after_leaf bigint, note text, path text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
    v_hot smallint;
    v record;
begin
    select s.hot_months into v_hot from audit.archive_settings s;
    select m.* into v from audit.archive_months m
     where m.state in ('writing', 'written', 'verified', 'detached') and (p_month is null or m.month = p_month)
       and (m.state in ('writing', 'written') or audit.partition_may_go(audit.archive_partition(m.month))
            and (m.state = 'detached' or not audit.month_is_being_erased(m.month, m.tenants)))
     order by m.month limit 1;
    if not found then
        select to_date(right(c.relname, 7), 'YYYY_MM') as month, 'due' as state into v
          from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'audit.audit_events'::regclass and c.relname ~ '^audit_events_\d{4}_\d{2}$'
           and to_date(right(c.relname, 7), 'YYYY_MM') + make_interval(months => v_hot + 1) <= p_now
           and (p_month is null or to_date(right(c.relname, 7), 'YYYY_MM') = p_month)
           and not exists (select from audit.archive_months m where audit.archive_partition(m.month) = c.relname)
         order by 1 limit 1;
        if found then
            month := v.month;
            state := v.state;
            return next;
        end if;
        return;
    end if;
    if v.state in ('verified', 'detached') then
        month := v.month;
        state := v.state;
        return next;
        return;
    end if;
    perform set_config('app.current_tenant_id', v.tenants[v.place]::text, true);
    return query
    select l.month, v.state, l.tenant_id, l.rows, l.first_leaf, l.last_leaf, l.tree_size, l.keep_until,
           l.manifest_path, l.manifest_sha256, v.begun_at, coalesce(w.part, 0) + 1,
           coalesce(w.last_leaf, l.first_leaf - 1), c.note, f.path
      from audit.archive_logs l
      join audit.checkpoints c on c.tenant_id = l.tenant_id and c.size = l.tree_size
      left join lateral (select x.part, x.last_leaf from audit.archive_files x
                          where x.tenant_id = l.tenant_id and x.month = l.month
                            and (v.state = 'writing' or x.verified) order by x.part desc limit 1) w on true
      left join audit.archive_files f on f.tenant_id = l.tenant_id and f.month = l.month
            and v.state = 'written' and f.part = coalesce(w.part, 0) + 1
     where l.tenant_id = v.tenants[v.place] and l.month = v.month;
end
$$;
