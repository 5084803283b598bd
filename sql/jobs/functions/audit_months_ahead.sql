-- How many months of the audit log there are behind that of a day, without a gap, that day's own included in the line; six
-- at most. -1: the log has not even this month.
create or replace function jobs.audit_months_ahead(p_day date)
returns integer
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(min(n) filter (where not exists (
               select from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'audit.audit_events'::regclass
                  and c.relname = 'audit_events_' || to_char(date_trunc('month', p_day) + n * interval '1 month', 'YYYY_MM'))),
           7)::integer - 1
      from generate_series(0, 6) n
$$;
