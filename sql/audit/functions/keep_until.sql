-- The last day of a period that starts on p_from: so many months and days later. Where the month is too short for the day,
-- the first of the next one, never a day early: 29 February and six years is 1 March (rules.md §3).
create or replace function audit.keep_until(p_from date, p_months integer, p_days integer)
returns date
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select x.day + p_days + case when extract(day from x.day) < extract(day from p_from) then 1 else 0 end
      from (select (p_from + make_interval(months => p_months))::date as day) x
$$;
