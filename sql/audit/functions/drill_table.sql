-- The name of the table that a month is brought back into when that is rehearsed: never that of its partition. Inner part
-- of the functions of the drill.
create or replace function audit.drill_table(p_month date)
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select 'drill_' || to_char(p_month, 'YYYY_MM') $$;
