-- The name of a month's partition (S2-29). Inner part of the functions of the archive.
create or replace function audit.archive_partition(p_month date)
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select 'audit_events_' || to_char(p_month, 'YYYY_MM') $$;
