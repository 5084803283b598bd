-- Turns over the rates of this tenant whose day has come. Harmless to repeat. Returns how many products changed.
create or replace function rates.activate_due_rates(p_date date default null)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_date date := coalesce(p_date, platform.business_date());
    v_due uuid[];
begin
    select array_agg(d.product_id) into v_due
      from (select p.product_id from products.products p
             where p.tenant_id = platform.require_tenant() and p.next_rate_date <= v_date
             order by p.product_id for update) d;
    if v_due is null then
        return 0;
    end if;
    return rates.refresh_mirrors(v_due, v_date, 'rate activation');
end
$$;
