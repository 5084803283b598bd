-- A row with some columns masked and some as fingerprints, which are the same within one event and nowhere else: its salt
-- is not kept, so that nobody can try out what stood there. NULL of a table that nobody has classified: nothing is kept.
create or replace function audit.disguised(p_row jsonb, p_masked text[], p_hashed text[], p_salt text)
returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case when p_row is not null and p_masked is not null then p_row || coalesce((
        select jsonb_object_agg(c.name, case
                   when p_row ->> c.name is null then null
                   when c.name = any (p_masked) then audit.masked(p_row ->> c.name)
                   else 'sha256:' || encode(sha256(convert_to(p_salt || (p_row ->> c.name), 'UTF8')), 'hex') end)
          from unnest(p_masked || p_hashed) c(name) where p_row ? c.name), '{}') end
$$;
