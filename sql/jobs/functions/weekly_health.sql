-- The weekly list (S4-98, S0-130, S0-132): indexes that nothing used and indexes larger than their table, tables read from end
-- to end, dead rows and statistics that are old. A finding of an index names the statement that mends it, which an
-- operator runs: it can be part of no transaction (docs/runbooks/jobs.md).
create or replace function jobs.weekly_health()
returns jsonb
language sql
set search_path = pg_catalog, pg_temp
as $$
    with ours as (
        select s.relid, format('%I.%I', s.schemaname, s.relname) as name, s.seq_scan, s.idx_scan, s.n_live_tup, s.n_dead_tup,
               greatest(s.last_vacuum, s.last_autovacuum) as vacuumed, greatest(s.last_analyze, s.last_autoanalyze) as analyzed,
               pg_catalog.pg_table_size(s.relid) as bytes
          from pg_catalog.pg_stat_user_tables s join pg_catalog.pg_class c on c.oid = s.relid
         where c.relowner = (select r.oid from pg_catalog.pg_roles r where r.rolname = 'wealth_owner')
    ), indexes as (
        select format('%I.%I', i.schemaname, i.indexrelname) as name, i.idx_scan, o.bytes as table_bytes,
               pg_catalog.pg_relation_size(i.indexrelid) as bytes, x.indisunique
          from pg_catalog.pg_stat_user_indexes i join ours o on o.relid = i.relid
          join pg_catalog.pg_index x on x.indexrelid = i.indexrelid
    ), found as (
        select 1 as place, i.name, format('reindex index concurrently %s: it is larger than its table', i.name) as text
          from indexes i where i.bytes > 10485760 and i.bytes > i.table_bytes
        union all
        select 2, i.name, format('%s was never used and holds %s', i.name, pg_catalog.pg_size_pretty(i.bytes))
          from indexes i where i.idx_scan = 0 and i.bytes > 10485760 and not i.indisunique
        union all
        select 3, o.name, format('%s was read from end to end more often than by an index', o.name)
          from ours o where o.n_live_tup > 10000 and o.seq_scan > o.idx_scan
        union all
        select 4, o.name, format('%s has a fifth of dead rows', o.name)
          from ours o where o.n_dead_tup > 10000 and o.n_dead_tup > o.n_live_tup / 5
        union all
        select 5, o.name, format('the statistics of %s are older than two weeks', o.name)
          from ours o where o.n_live_tup > 10000 and coalesce(o.analyzed, '-infinity') < now() - interval '14 days'
    )
    select jsonb_build_object(
        'findings', coalesce((select jsonb_agg(f.text order by f.place, f.name) from found f), '[]'),
        'tables', (select jsonb_agg(jsonb_build_object('table', o.name, 'bytes', o.bytes, 'rows', o.n_live_tup,
                'dead_rows', o.n_dead_tup, 'vacuumed_at', o.vacuumed, 'analyzed_at', o.analyzed) order by o.bytes desc, o.name)
              from (select * from ours order by bytes desc, name limit 30) o),
        'indexes', (select jsonb_agg(jsonb_build_object('index', i.name, 'bytes', i.bytes, 'scans', i.idx_scan)
                order by i.bytes desc, i.name) from (select * from indexes order by bytes desc, name limit 30) i))
$$;
