-- Records of this firm in a table that may be disposed of by themselves whose last day is over and which no other record
-- needs, the oldest first, and whether a hold keeps them: until p_limit of them are free or, of those that are held one by
-- one, ten times as many were looked at, so that what is held keeps nothing behind it. The last day is over when it is so
-- everywhere on Earth. p_record_id: only this one. p_after_until, p_after_id: those behind this record.
create or replace function audit.due_records(
    p_table text, p_as_of date, p_limit integer, p_record_id text default null, p_after_until date default null,
    p_after_id text default null)
returns table (record_id text, retain_until date, held boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_zone text := (select t.time_zone from tenants.tenants t where t.tenant_id = v_tenant);
    v_today date := least(p_as_of, (platform.request_time() at time zone 'Etc/GMT+12')::date);
    v_map audit.retention_tables;
    v_bound date;
    v_reach bigint := p_limit;
    v_free integer := 0;
begin
    select * into v_map from audit.retention_tables m where m.table_name = p_table and m.disposal = 'row';
    v_bound := audit.due_bound(v_tenant, v_map.classes, v_today);
    if v_bound is null then
        return;
    end if;
    if not exists (select from audit.holds_on(v_tenant, p_table, null, '{}')) then
        v_reach := p_limit * 10::bigint;
    end if;
    -- Many rows have the same two days: how long those are kept is computed once. Of each row only its key and its days are
    -- kept; the whole of it is read of those that are judged.
    for record_id, retain_until, held in execute format($q$
        with found as materialized (
            select %2$s, concat_ws('/', %2$s) as id, coalesce(audit.day_of(%3$s, $3), '-infinity') as created,
                   audit.day_of(%4$s, $3) as clock
              from %1$s r
             where r.tenant_id = $1 and %5$s and (%6$s) and not (%7$s)),
        days as materialized (
            select d.created, d.clock, audit.retain_until($1, $4, d.created, d.clock) as until
              from (select distinct f.created, f.clock from found f where f.clock < $5) d)
        select o.id, o.until, exists (select from audit.holds_on(
                   $1, $2, o.id, (select to_jsonb(r) from %1$s r where r.tenant_id = $1 and %8$s)))
          from (select f.*, d.until
                  from found f join days d on d.created = f.created and d.clock = f.clock
                 where d.until < $5 and ($7::date is null or (d.until, f.id) > ($7, $8))
                 order by d.until, f.id limit $6) o
         order by o.until, o.id$q$,
        p_table, (select string_agg(format('r.%I', c), ', ') from unnest(v_map.key_columns) c), v_map.created_on,
        v_map.clock_on,
        case when p_record_id is null then 'true' else audit.key_predicate(p_table, v_map.key_columns, p_record_id) end,
        format(v_map.clock_before, v_bound), v_map.needed_while,
        (select string_agg(format('r.%1$I = o.%1$I', c), ' and ') from unnest(v_map.key_columns) c))
    using v_tenant, p_table, v_zone, v_map.classes, v_today, v_reach, p_after_until, p_after_id
    loop
        return next;
        v_free := v_free + (not held)::integer;
        exit when v_free = p_limit;
    end loop;
end
$$;
