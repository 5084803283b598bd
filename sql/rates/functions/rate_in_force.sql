-- The rate in force on a date, as it was believed at an instant (NULL: now). Written so that PostgreSQL inlines it. No
-- two rows answer it; the order and the limit make it walk one product's dates backwards and stop at the first, and keep
-- the planner from joining it to products as a whole, for which it would read every rate of the firm. The date is a value
-- of its own, because a COALESCE of the caller's is taken for leaky and would not be asked of the index.
create or replace function rates.rate_in_force(p_product_id uuid, p_as_of date, p_known_at timestamptz default null)
returns table (
    rate_history_id uuid, base_rate numeric, bonus_rate numeric, effective_date date, end_date date,
    recorded_at timestamptz, superseded_at timestamptz, source text)
language sql stable security invoker
as $$
    select h.rate_history_id, h.base_rate, h.bonus_rate, h.effective_date, h.end_date, h.recorded_at, h.superseded_at,
           h.source
      from rates.rate_history h
     where h.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
       and h.product_id = p_product_id
       and h.effective_date <= (select p_as_of)
       and coalesce(h.end_date, 'infinity') >= p_as_of
       and h.recorded_at <= coalesce(p_known_at, 'infinity')
       and coalesce(h.superseded_at, 'infinity') > coalesce(p_known_at, '-infinity')
       and (p_known_at is not null or h.superseded_at is null)
     order by h.effective_date desc limit 1
$$;
