-- A date is a day already: the expressions of audit.retention_tables may be of either type.
create or replace function audit.day_of(p_day date, p_zone text)
returns date
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select p_day $$;
