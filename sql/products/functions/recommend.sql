-- Keeps a recommendation exactly as shown, sealed by the comparison it rests on. p: recommendation_id, comparison_id,
-- product_id, client_reference, is_replacement, record (the exact text). Only whoever made the comparison recommends
-- from it (WA404 for others'), and only what was compared (constraint recommendations_item_fkey).
create or replace function products.recommend(p jsonb, p_by varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_id uuid := (p ->> 'recommendation_id')::uuid;
    v_digest bytea;
    v_seal bytea;
begin
    select c.result_sha256 into v_digest from products.product_comparisons c
     where c.tenant_id = v_tenant and c.comparison_id = (p ->> 'comparison_id')::uuid and c.user_id = v_user;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such comparison');
    end if;
    v_seal := sha256(v_digest || convert_to(p ->> 'record', 'UTF8'));
    insert into products.recommendations (
        tenant_id, recommendation_id, comparison_id, product_id, user_id, client_reference, is_replacement, record,
        comparison_sha256, record_sha256, created_by)
    values (v_tenant, v_id, (p ->> 'comparison_id')::uuid, (p ->> 'product_id')::uuid, v_user,
        p ->> 'client_reference', (p ->> 'is_replacement')::boolean, p ->> 'record', v_digest, v_seal, p_by);
    perform audit.log_user_action(null, 'recommendation.made', 'recommendations', v_id, null,
        jsonb_build_object('comparison_id', p -> 'comparison_id', 'product_id', p -> 'product_id',
            'is_replacement', p -> 'is_replacement', 'comparison_sha256', encode(v_digest, 'hex'),
            'record_sha256', encode(v_seal, 'hex')), null, null, null);
end
$$;
