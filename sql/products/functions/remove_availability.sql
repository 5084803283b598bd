-- Takes a window away; the row stays, inactive.
create or replace function products.remove_availability(
    p_product_id uuid, p_availability_id uuid, p_updated_by varchar, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform products.touch(p_product_id, p_expected_version, p_updated_by);
    update products.product_availability w
       set is_active = false
     where w.tenant_id = platform.current_tenant_id() and w.product_id = p_product_id
       and w.availability_id = p_availability_id and w.is_active;
    if not found then
        perform platform.fail('WA404', 'availability_not_found', 'There is no such availability window');
    end if;
    perform products.snapshot(array[p_product_id]);
end
$$;
