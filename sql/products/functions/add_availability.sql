-- Opens a window of sale. Overlap with another active window: constraint product_availability_no_overlap.
create or replace function products.add_availability(
    p_product_id uuid, p_start_date date, p_end_date date, p_created_by varchar, p_availability_id uuid default null,
    p_expected_version bigint default null)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid := coalesce(p_availability_id, gen_random_uuid());
begin
    perform products.touch(p_product_id, p_expected_version, p_created_by);
    insert into products.product_availability (
        tenant_id, availability_id, product_id, start_date, end_date, created_by, created_by_user_id)
    values (platform.current_tenant_id(), v_id, p_product_id, p_start_date, p_end_date, p_created_by,
            platform.current_user_id());
    perform products.snapshot(array[p_product_id]);
    return v_id;
end
$$;
