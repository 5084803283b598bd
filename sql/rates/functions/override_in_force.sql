-- The override of an account's rate in force on a date, as it was believed at an instant (NULL: now). Written like
-- rates.rate_in_force, so that PostgreSQL inlines it.
create or replace function rates.override_in_force(
    p_product_id uuid, p_account_reference text, p_as_of date, p_known_at timestamptz default null)
returns table (
    override_id uuid, base_rate numeric, bonus_rate numeric, effective_date date, end_date date,
    recorded_at timestamptz, reason text)
language sql stable security invoker
as $$
    select o.override_id, o.base_rate, o.bonus_rate, o.effective_date, o.end_date, o.recorded_at, o.reason
      from rates.rate_overrides o
     where o.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
       and o.product_id = p_product_id
       and o.account_reference = p_account_reference
       and o.effective_date <= (select p_as_of)
       and coalesce(o.end_date, 'infinity') >= p_as_of
       and o.recorded_at <= coalesce(p_known_at, 'infinity')
       and coalesce(o.superseded_at, 'infinity') > coalesce(p_known_at, '-infinity')
       and (p_known_at is not null or o.superseded_at is null)
     order by o.effective_date desc limit 1
$$;
