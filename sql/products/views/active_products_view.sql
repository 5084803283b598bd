-- S0-90, as documented: one row per product and open window; windows cannot overlap, so one row per product (C0-17).
-- The rates are those in force, even before the mirror has been turned over.
create or replace view products.active_products_view with (security_invoker = true) as
select p.product_id, p.cusip, p.product_name, p.product_type, p.description, p.minimum_investment, p.maximum_investment,
       coalesce(r.base_rate, p.base_rate)::numeric(8,4) as base_rate,
       coalesce(r.bonus_rate, p.bonus_rate)::numeric(8,4) as bonus_rate, p.return_of_premium,
       p.return_of_premium_percentage, pa.start_date, pa.end_date
  from products.products p
  join products.product_availability pa on pa.tenant_id = p.tenant_id and pa.product_id = p.product_id
  left join lateral (
       select h.base_rate, h.bonus_rate
         from rates.rate_in_force(p.product_id, platform.business_date()) h
        where p.next_rate_date <= platform.business_date()) r on true
 where p.is_active and pa.is_active and platform.business_date() between pa.start_date and pa.end_date;
