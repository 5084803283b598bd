-- Splits changes of many products into rounds that rates.lay can take: within a round no two changes of a product begin
-- on the same day, and none that ends reaches the next one's beginning. Changes are laid in the order of their dates,
-- then of the call, so almost every call is one round. Answer: [{…change, round}] in that order.
create or replace function rates.change_rounds(p_changes jsonb)
returns table (round integer, changes jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ords bigint[] := '{}';
    v_rounds integer[] := '{}';
    v_product uuid;
    v_round integer;
    v_start date;
    v_end date;
    v_most integer := 1;
    r record;
begin
    for r in
        select c.ord, c.product_id, c.effective_date, c.end_date
          from jsonb_to_recordset(p_changes) as c(ord bigint, product_id uuid, effective_date date, end_date date)
         order by c.product_id, c.effective_date, c.ord
    loop
        if v_product is distinct from r.product_id then
            v_product := r.product_id;
            v_round := 1;
            v_end := null;
        elsif r.effective_date = v_start or r.effective_date <= v_end then
            v_round := v_round + 1;
            v_most := greatest(v_most, v_round);
            v_end := null;
        end if;
        v_start := r.effective_date;
        v_end := coalesce(r.end_date, v_end);
        v_ords := v_ords || r.ord;
        v_rounds := v_rounds || v_round;
    end loop;
    if v_most = 1 then
        return query select 1, p_changes where jsonb_array_length(p_changes) > 0;
        return;
    end if;
    return query
        select x.round, jsonb_agg(j.value)
          from unnest(v_ords, v_rounds) as x(ord, round)
          join jsonb_array_elements(p_changes) j on (j.value ->> 'ord')::bigint = x.ord
         group by x.round order by x.round;
end
$$;
