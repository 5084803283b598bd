-- Puts one round of rates in force (see rates.change_rounds), however many products and dates it has, in one statement:
-- supersession and insert together, because the exclusion constraint looks at the end of it.
-- A rate without end_date holds until the next scheduled one, or for ever. The dates of each product are cut where a rate
-- begins or ends; each piece belongs to the last change that covers it, else to the row that stood there. Rows that lost
-- a piece are superseded, and what is left of them is recorded again, so that the line stays whole.
-- Rows are looked up by product and date (as one row, see rates.judge_round), so that the cost grows with the call and
-- not with the history; nested loops
-- are off (and JIT, which their penalty would wake), because nobody knows the size of a call when it is planned.
-- p_changes: [{ord, product_id, rate_history_id, base_rate, bonus_rate, effective_date, end_date, source, external_id,
-- batch_id, change_id, reason, approved_by, created_by, created_by_user_id}]
create or replace function rates.lay(p_changes jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_at timestamptz := clock_timestamp();
begin
    with c as materialized (
        select c.*, coalesce(c.end_date, (
                   select h.effective_date - 1 from rates.rate_history h
                    where h.tenant_id = v_tenant and h.product_id <= c.product_id and h.superseded_at is null
                      and (h.product_id, h.effective_date) > (c.product_id, c.effective_date)
                    order by h.product_id, h.effective_date limit 1)) as until
          from jsonb_to_recordset(p_changes) as c(
            ord bigint, product_id uuid, rate_history_id uuid, base_rate numeric, bonus_rate numeric,
            effective_date date, end_date date, source text, external_id text, batch_id uuid, change_id uuid,
            reason text, approved_by text, created_by text, created_by_user_id uuid)
    ), span as materialized (
        select c.product_id, min(c.effective_date) as first_date,
               case when bool_or(c.until is null) then null else max(c.until) end as last_date
          from c group by c.product_id
    ), stood as materialized (
        select h.* from span s
         cross join lateral (
            select x.* from rates.rate_history x
             where x.tenant_id = v_tenant and x.product_id = s.product_id and x.superseded_at is null
               and x.effective_date >= coalesce((
                    select b.effective_date from rates.rate_history b
                     where b.tenant_id = v_tenant and b.product_id >= s.product_id and b.superseded_at is null
                       and (b.product_id, b.effective_date) <= (s.product_id, s.first_date)
                     order by b.product_id desc, b.effective_date desc limit 1), s.first_date)
               and x.effective_date <= coalesce(s.last_date, 'infinity')
             order by x.effective_date offset 0) h
    ), cut as (
        select product_id, effective_date as day from stood
        union select product_id, effective_date from c
        union select product_id, until + 1 from c where until is not null
    ), piece as (
        select u.product_id, u.day, lead(u.day) over w as next_day,
               max(s.effective_date) over w as stood_from,
               max(c.effective_date) over w as change_from,
               max(c.effective_date) filter (where c.end_date is null) over w as open_from
          from cut u
          left join stood s on s.product_id = u.product_id and s.effective_date = u.day
          left join c on c.product_id = u.product_id and c.effective_date = u.day
        window w as (partition by u.product_id order by u.day)
    ), owned as (
        -- Beyond the last cut a row goes on to its own end.
        select p.product_id, p.day, coalesce(p.next_day, s.end_date + 1) as next_day,
               case when s.end_date is null or s.end_date >= p.day then s.rate_history_id end as stood,
               case when k.until is null or k.until >= p.day then k.ord
                    when o.until is null or o.until >= p.day then o.ord end as ord
          from piece p
          left join stood s on s.product_id = p.product_id and s.effective_date = p.stood_from
          left join c k on k.product_id = p.product_id and k.effective_date = p.change_from
          left join c o on o.product_id = p.product_id and o.effective_date = p.open_from
    ), island as (
        select x.*, sum(x.starts) over (partition by x.product_id order by x.day) as island
          from (select o.*, case when (o.ord, case when o.ord is null then o.stood end) is distinct from
                                      lag((o.ord, case when o.ord is null then o.stood end))
                                          over (partition by o.product_id order by o.day)
                                 then 1 else 0 end as starts
                  from owned o) x
    ), line as materialized (
        select i.product_id, i.ord, case when i.ord is null then min(i.stood::text)::uuid end as stood,
               min(i.day) as effective_date,
               case when bool_or(i.next_day is null) then null else max(i.next_day) - 1 end as end_date,
               row_number() over (partition by i.ord order by min(i.day)) as nth
          from island i group by i.product_id, i.island, i.ord
    ), lost as materialized (
        select distinct o.stood as rate_history_id from owned o where o.ord is not null and o.stood is not null
    ), superseded as (
        update rates.rate_history h set superseded_at = v_at
          from lost l
         where h.tenant_id = v_tenant and h.rate_history_id = l.rate_history_id
           and h.rate_history_id = any (array(select rate_history_id from lost))
    )
    insert into rates.rate_history (
        tenant_id, rate_history_id, product_id, base_rate, bonus_rate, effective_date, end_date, recorded_at, source,
        external_id, batch_id, change_id, derived_from, reason, approved_by, created_by, created_by_user_id)
    select v_tenant, coalesce(case when l.nth = 1 then c.rate_history_id end, gen_random_uuid()), c.product_id,
           c.base_rate, c.bonus_rate, l.effective_date, l.end_date, v_at, coalesce(c.source, 'manual'), c.external_id,
           c.batch_id, c.change_id, null, c.reason, c.approved_by, c.created_by, c.created_by_user_id
      from line l join c on c.ord = l.ord
    union all
    select v_tenant, gen_random_uuid(), s.product_id, s.base_rate, s.bonus_rate, l.effective_date, l.end_date, v_at,
           s.source, s.external_id, s.batch_id, s.change_id, s.rate_history_id, s.reason, s.approved_by, s.created_by,
           s.created_by_user_id
      from line l join stood s on s.rate_history_id = l.stood join lost x on x.rate_history_id = s.rate_history_id;
end
$$;
