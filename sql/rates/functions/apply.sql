-- Puts each given rate in force, whoever decided on it. A rate that is already in force over all its dates is
-- "unchanged". The caller has locked the products. p_changes as for rates.lay.
create or replace function rates.apply(p_changes jsonb, p_updated_by text)
returns table (ord bigint, product_id uuid, outcome text)
language sql
set search_path = pg_catalog, pg_temp
as $$
    select t.ord, (c.value ->> 'product_id')::uuid, t.outcome
      from rates.take(p_changes, '{}', p_updated_by) t
      join jsonb_array_elements(p_changes) c on (c.value ->> 'ord')::bigint = t.ord
$$;
