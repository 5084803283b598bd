-- At commit, what is believed now of a product must be one unbroken line of dates from its first rate on, open at the
-- end. One index scan over the product's current rows: each must end the day before the next begins, and the last, which
-- has no next, must have no end.
create or replace function rates.rate_history_no_gap()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_broken boolean;
    v_before text := current_setting('app.current_tenant_id', true);
begin
    -- At commit of an administrator's transaction no tenant may be set; the row says which one it is.
    if v_before is distinct from new.tenant_id::text then
        perform set_config('app.current_tenant_id', new.tenant_id::text, true);
    end if;
    select coalesce(bool_or(l.end_date is distinct from l.next_date - 1), true) into v_broken
      from (select h.end_date, lead(h.effective_date) over (order by h.effective_date) as next_date
              from rates.rate_history h
             where h.tenant_id = new.tenant_id and h.product_id = new.product_id and h.superseded_at is null) l;
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
