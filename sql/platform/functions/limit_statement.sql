-- How long the statements behind this one may take, until the transaction ends. It works through a function because a
-- pooler must not see SET (docs/adr/0001).
create or replace function platform.limit_statement(p_milliseconds integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('statement_timeout', p_milliseconds::text, true);
end
$$;
