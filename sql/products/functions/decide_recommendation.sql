-- The supervisor's word on a recommendation: never the recommender's own (WA403 self_approval), and only once (WA409).
create or replace function products.decide_recommendation(
    p_recommendation_id uuid, p_decision text, p_reason text, p_by varchar)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_found products.recommendations;
begin
    select * into v_found from products.recommendations r
     where r.tenant_id = v_tenant and r.recommendation_id = p_recommendation_id;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such recommendation');
    elsif v_user is null or v_user = v_found.user_id then
        perform platform.fail('WA403', 'self_approval', 'A recommendation is reviewed by a second person');
    end if;
    insert into products.recommendation_decisions (
        tenant_id, recommendation_id, recommended_by_user_id, decision, reason, decided_by, decided_by_user_id)
    values (v_tenant, p_recommendation_id, v_found.user_id, p_decision, p_reason, p_by, v_user)
    on conflict (tenant_id, recommendation_id) do nothing;
    if not found then
        perform platform.fail('WA409', 'state_conflict', 'This recommendation is decided on already');
    end if;
    perform audit.log_user_action(null, 'recommendation.' || p_decision, 'recommendations', p_recommendation_id, null,
        jsonb_build_object('reason', p_reason, 'record_sha256', encode(v_found.record_sha256, 'hex')), null, null, null);
end
$$;
