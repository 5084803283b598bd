-- The first day of the period that a date lies in. Weeks begin on Monday.
create or replace function jobs.period_start(p_period text, p_date date)
returns date
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select date_trunc(p_period, p_date::timestamp)::date $$;
