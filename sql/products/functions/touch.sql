-- Locks a product and moves it to its next version, for a change in one of its parts.
create or replace function products.touch(p_product_id uuid, p_expected_version bigint, p_updated_by text)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_product products.products := products.lock_product(p_product_id, p_expected_version);
    v_version bigint;
begin
    update products.products p
       set updated_by = p_updated_by, updated_by_user_id = platform.current_user_id()
     where p.tenant_id = v_product.tenant_id and p.product_id = v_product.product_id
    returning p.version into v_version;
    return v_version;
end
$$;
