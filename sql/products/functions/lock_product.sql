-- Takes a product for change. An unknown id is WA404 and not silence (C0-08); another version than expected is WA412.
create or replace function products.lock_product(p_product_id uuid, p_expected_version bigint)
returns products.products
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_product products.products;
begin
    select * into v_product from products.products p
     where p.tenant_id = platform.require_tenant() and p.product_id = p_product_id
       for update;
    if not found then
        perform platform.fail('WA404', 'product_not_found', 'There is no such product');
    elsif p_expected_version is not null and v_product.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The product was changed meanwhile', null,
            jsonb_build_object('version', v_product.version));
    end if;
    return v_product;
end
$$;
