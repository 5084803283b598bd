-- At commit, what is believed now of a product must be one unbroken line of dates from its first rate on, open at the
-- end. Each row that came or went looks at its own place only: the current row that begins on its day or before must end
-- the day before the next begins, or have no end and no next. A gap follows either a row that came, which sees it, or a
-- row that stayed while its neighbour went, which sees it: so all places together prove the line, at two look-ups a row,
-- where the whole line a row would cost the square of a long history. Product and date are compared as a row (see
-- rates.judge_round) and nothing may be sorted, so that the index by date is taken without statistics too: a session
-- that loads a new database keeps the plan that it made for empty tables.
create or replace function rates.rate_history_no_gap()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off
as $$
declare
    v_from date;
    v_until date;
    v_next date;
    v_broken boolean;
    v_before text := current_setting('app.current_tenant_id', true);
begin
    -- At commit of an administrator's transaction no tenant may be set; the row says which one it is.
    if v_before is distinct from new.tenant_id::text then
        perform set_config('app.current_tenant_id', new.tenant_id::text, true);
    end if;
    select h.effective_date, h.end_date,
           (select n.effective_date from rates.rate_history n
             where n.tenant_id = new.tenant_id and n.product_id <= new.product_id and n.superseded_at is null
               and (n.product_id, n.effective_date) > (new.product_id, h.effective_date)
             order by n.product_id, n.effective_date limit 1)
      into v_from, v_until, v_next
      from rates.rate_history h
     where h.tenant_id = new.tenant_id and h.product_id >= new.product_id and h.superseded_at is null
       and (h.product_id, h.effective_date) <= (new.product_id, new.effective_date)
     order by h.product_id desc, h.effective_date desc limit 1;
    if v_from is null then
        -- Without a row before it the line begins later, but a product is never left without any rate.
        select n.effective_date into v_next from rates.rate_history n
         where n.tenant_id = new.tenant_id and n.product_id >= new.product_id and n.product_id <= new.product_id
           and n.superseded_at is null
         order by n.product_id, n.effective_date limit 1;
    end if;
    v_broken := case when v_from is null then v_next is null else v_until is distinct from v_next - 1 end;
    if v_before is distinct from new.tenant_id::text then
        perform set_config('app.current_tenant_id', coalesce(v_before, ''), true);
    end if;
    if v_broken then
        raise exception using errcode = 'WA409', message = 'The rates of this product would have a gap',
            detail = '{"code": "rate_gap"}', constraint = 'rate_history_no_gap', schema = 'rates', table = 'rate_history';
    end if;
    return null;
end
$$;
