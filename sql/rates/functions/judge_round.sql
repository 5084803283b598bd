-- What becomes of each change of one round, against the rates in force and the changes before it in the call:
-- "unchanged" (already in force over all its dates), "conflict" (a row of a stronger source stands there),
-- "out_of_tolerance" (it moves further than one person may) or "applied". Without bonus_rate the bonus stays as it is.
-- What is in force is looked up for all at once; the order within a product is then walked in memory. Each look-up
-- is ordered by date, so that it takes the index by date however long the history is, and compares product and date as
-- a row (product >= p and (product, date) <= (p, d) is product = p and date <= d), for which only that index will do: of
-- product = p the planner may ask any index that begins with the tenant, which without statistics it takes for as good.
-- With bridge, a rate whose end would leave a gap before the first known one holds until that ("bridged", and says so as
-- its reason): history comes date by date, and what follows in the file or its next part cuts it to its length.
-- p_rules: {tolerance, source, precedence, bridge}; a tolerance of null admits any move, a precedence of null any source.
create or replace function rates.judge_round(p_changes jsonb, p_rules jsonb)
returns table (
    ord bigint, verdict text, bonus_rate numeric, old_base_rate numeric, old_bonus_rate numeric, bridged boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_tolerance numeric := (p_rules ->> 'tolerance')::numeric;
    v_source text := p_rules ->> 'source';
    v_precedence integer := (p_rules ->> 'precedence')::integer;
    v_bridge boolean := coalesce((p_rules ->> 'bridge')::boolean, false);
    v_manual integer := coalesce((select s.manual_precedence from rates.rate_settings s where s.tenant_id = v_tenant), 0);
    v_product uuid;
    -- The last open-ended change of this product in the call: its rates, and the day until which it holds.
    v_laid boolean;
    v_laid_base numeric;
    v_laid_bonus numeric;
    v_laid_until date;
    v_laid_bridged boolean;
    v_covers boolean;
    v_far numeric;
    r record;
begin
    for r in
        select c.ord, c.product_id, c.base_rate, c.bonus_rate, c.effective_date, c.end_date,
               f.base_rate as at_base, f.bonus_rate as at_bonus, n.next_date,
               f.reason is not distinct from 'until the next known rate' as at_bridged,
               v_precedence is not null and f.source <> v_source
                   and coalesce(o.precedence, v_manual) > v_precedence as at_stronger,
               w.lowest, w.highest, w.lowest_bonus, w.highest_bonus, w.stronger as later_stronger
          from jsonb_to_recordset(p_changes) as c(
                ord bigint, product_id uuid, base_rate numeric, bonus_rate numeric, effective_date date, end_date date)
          left join lateral (
            select h.base_rate, h.bonus_rate, h.source, h.reason from rates.rate_history h
             where h.tenant_id = v_tenant and h.product_id >= c.product_id and h.superseded_at is null
               and (h.product_id, h.effective_date) <= (c.product_id, c.effective_date)
             order by h.product_id desc, h.effective_date desc limit 1) f on true
          left join rates.rate_feeds o on o.tenant_id = v_tenant and o.source = f.source
          left join lateral (
            select h.effective_date as next_date from rates.rate_history h
             where h.tenant_id = v_tenant and h.product_id <= c.product_id and h.superseded_at is null
               and (h.product_id, h.effective_date) > (c.product_id, c.effective_date)
             order by h.product_id, h.effective_date limit 1) n on true
          left join lateral (
            select min(h.base_rate) as lowest, max(h.base_rate) as highest,
                   min(h.bonus_rate) as lowest_bonus, max(h.bonus_rate) as highest_bonus,
                   bool_or(v_precedence is not null and h.source <> v_source
                           and coalesce((select x.precedence from rates.rate_feeds x
                                          where x.tenant_id = v_tenant and x.source = h.source), v_manual)
                               > v_precedence) as stronger
              from (select x.base_rate, x.bonus_rate, x.source from rates.rate_history x
                     where c.end_date >= n.next_date and x.tenant_id = v_tenant and x.product_id = c.product_id
                       and x.superseded_at is null and x.effective_date > c.effective_date
                       and x.effective_date <= c.end_date
                     order by x.effective_date offset 0) h) w on true
         order by c.product_id, c.effective_date, c.ord
    loop
        if v_product is distinct from r.product_id then
            v_product := r.product_id;
            v_laid := false;
        end if;
        v_covers := v_laid and (v_laid_until is null or v_laid_until >= r.effective_date);
        ord := r.ord;
        old_base_rate := case when v_covers then v_laid_base else r.at_base end;
        old_bonus_rate := case when v_covers then v_laid_bonus else r.at_bonus end;
        bonus_rate := coalesce(r.bonus_rate, old_bonus_rate, 0);
        -- The largest move on any of its dates: a window laid over several rates must not hide the one that moves most.
        v_far := greatest(abs(r.base_rate - old_base_rate), abs(bonus_rate - old_bonus_rate),
                          abs(r.base_rate - r.lowest), abs(r.base_rate - r.highest),
                          abs(bonus_rate - r.lowest_bonus), abs(bonus_rate - r.highest_bonus));
        verdict := case
            when old_base_rate is not null and v_far = 0 then 'unchanged'
            when (not v_covers and r.at_stronger) or r.later_stronger then 'conflict'
            when v_far > v_tolerance then 'out_of_tolerance'
            else 'applied' end;
        bridged := v_bridge and coalesce(r.end_date < r.next_date - 1, false)
                   and (old_base_rate is null or case when v_covers then v_laid_bridged else r.at_bridged end);
        if verdict = 'applied' and (r.end_date is null or bridged) then
            v_laid := true;
            v_laid_base := r.base_rate;
            v_laid_bonus := bonus_rate;
            v_laid_bridged := bridged;
            v_laid_until := r.next_date - 1;
        end if;
        return next;
    end loop;
end
$$;
