-- Two objects of numbers, added name by name.
create or replace function jobs.added(p_left jsonb, p_right jsonb)
returns jsonb
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_object_agg(s.key, s.sum), '{}')
      from (select e.key, sum(e.value::numeric) as sum
              from (select * from jsonb_each_text(p_left) union all select * from jsonb_each_text(p_right)) e
             group by e.key) s
$$;
