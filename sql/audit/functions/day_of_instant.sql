-- The day of an instant in a firm's time zone.
create or replace function audit.day_of(p_at timestamptz, p_zone text)
returns date
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select (p_at at time zone p_zone)::date $$;
