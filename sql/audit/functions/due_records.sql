-- Records of this firm in a table that may be disposed of by themselves whose last day is over, the oldest first, and
-- whether a hold keeps them. The last day is over when it is so everywhere on Earth. p_record_id: only this one.
create or replace function audit.due_records(p_table text, p_as_of date, p_limit integer, p_record_id text default null)
returns table (record_id text, retain_until date, held boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_zone text := (select t.time_zone from tenants.tenants t where t.tenant_id = v_tenant);
    v_today date := least(p_as_of, (platform.request_time() at time zone 'Etc/GMT+12')::date);
    v_map audit.retention_tables;
begin
    select * into v_map from audit.retention_tables m where m.table_name = p_table and m.disposal = 'row';
    if not found then
        return;
    end if;
    return query execute format($q$
        select k.id, u.until, exists (select from audit.holds_on($1, $2, k.id, to_jsonb(r)))
          from %1$s r
         cross join lateral (select concat_ws('/', %2$s) as id, audit.day_of(%3$s, $3) as created,
                                    audit.day_of(%4$s, $3) as clock) k
         cross join lateral (select case when k.clock < $5 then audit.retain_until($1, $4, k.created, k.clock) end
                                    as until) u
         where r.tenant_id = $1 and %5$s and u.until is not null and u.until < $5
         order by u.until, k.id limit $6$q$,
        p_table, (select string_agg(format('r.%I', c), ', ') from unnest(v_map.key_columns) c), v_map.created_on,
        v_map.clock_on,
        case when p_record_id is null then 'true' else audit.key_predicate(p_table, v_map.key_columns, p_record_id) end)
    using v_tenant, p_table, v_zone, v_map.classes, v_today, p_limit;
end
$$;
