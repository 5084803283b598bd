-- Whether a partition of the log may leave the database. Whatever holds records back says so here, and is asked again
-- by each step that takes something away (S2-59).
create or replace function audit.partition_may_go(p_partition text)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$ select p_partition is not null $$;
