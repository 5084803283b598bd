-- A new text of the terms and conditions (S0-16). Returns its number; the same text again is the number it has.
create or replace function products.publish_terms(
    p_product_id uuid, p_text text, p_effective_at timestamptz, p_updated_by varchar,
    p_expected_version bigint default null)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_product products.products := products.lock_product(p_product_id, p_expected_version);
    v_next integer := v_product.terms_version + 1;
    v_sha bytea := sha256(convert_to(p_text, 'UTF8'));
begin
    if v_product.terms_and_conditions is not distinct from p_text then
        return v_product.terms_version;
    end if;
    insert into products.terms_versions (
        tenant_id, product_id, terms_version, text, sha256, effective_at, created_by, created_by_user_id)
    values (v_product.tenant_id, p_product_id, v_next, p_text, v_sha, coalesce(p_effective_at, current_timestamp),
            p_updated_by, platform.current_user_id());
    update products.products p
       set terms_and_conditions = p_text, terms_version = v_next, updated_by = p_updated_by,
           updated_by_user_id = platform.current_user_id()
     where p.tenant_id = v_product.tenant_id and p.product_id = p_product_id;
    perform products.snapshot(array[p_product_id]);
    perform audit.log_user_action(null, 'PUBLISH_TERMS', 'products', p_product_id,
        jsonb_build_object('terms_version', v_product.terms_version),
        jsonb_build_object('terms_version', v_next, 'sha256', encode(v_sha, 'hex')), null, null, null);
    return v_next;
end
$$;
