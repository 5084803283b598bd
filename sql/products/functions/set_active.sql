-- Inner part of deactivate_product and reactivate_product. Nothing happens, and nothing is logged, when the product is
-- already so.
create or replace function products.set_active(
    p_product_id uuid, p_active boolean, p_action text, p_updated_by text, p_expected_version bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_product products.products := products.lock_product(p_product_id, p_expected_version);
begin
    if v_product.is_active = p_active then
        return;
    end if;
    update products.products p
       set is_active = p_active, deactivated_at = case when not p_active then clock_timestamp() end,
           updated_by = p_updated_by, updated_by_user_id = platform.current_user_id()
     where p.tenant_id = v_product.tenant_id and p.product_id = p_product_id;
    perform products.snapshot(array[p_product_id]);
    perform audit.log_user_action(null, p_action, 'products', p_product_id,
        jsonb_build_object('is_active', not p_active), jsonb_build_object('is_active', p_active), null, null, null);
end
$$;
