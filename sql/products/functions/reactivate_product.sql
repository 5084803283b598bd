-- The way back that the documents closed by accident (C0-03).
create or replace function products.reactivate_product(
    p_product_id uuid, p_updated_by varchar, p_expected_version bigint default null)
returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$ select products.set_active(p_product_id, true, 'REACTIVATE_PRODUCT', p_updated_by, p_expected_version) $$;
