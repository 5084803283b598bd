-- Moves the ends of an active window; NULL leaves an end where it is.
create or replace function products.change_availability(
    p_product_id uuid, p_availability_id uuid, p_start_date date, p_end_date date, p_updated_by varchar,
    p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform products.touch(p_product_id, p_expected_version, p_updated_by);
    update products.product_availability w
       set start_date = coalesce(p_start_date, w.start_date), end_date = coalesce(p_end_date, w.end_date)
     where w.tenant_id = platform.current_tenant_id() and w.product_id = p_product_id
       and w.availability_id = p_availability_id and w.is_active;
    if not found then
        perform platform.fail('WA404', 'availability_not_found', 'There is no such availability window');
    end if;
    perform products.snapshot(array[p_product_id]);
end
$$;
