-- The last day of the fiscal year that p_day lies in, for a year that ends in p_month on p_last; 29 February where there
-- is one.
create or replace function audit.fiscal_year_end(p_day date, p_month integer, p_last integer)
returns date
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select min(e.day)
      from generate_series(extract(year from p_day)::integer, extract(year from p_day)::integer + 1) y,
           lateral (select make_date(y, p_month, 1) as first) f,
           lateral (select least(f.first + p_last - 1, (f.first + interval '1 month')::date - 1) as day) e
     where e.day >= p_day
$$;
