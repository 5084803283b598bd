-- Puts a new key in the place of one in force, with the same name, scopes, person and length of life. The old one works on
-- for p_overlap_minutes, so that whoever uses it can change over. p_key: api_key_id, prefix, key_hash (hex).
create or replace function users.rotate_api_key(
    p_api_key_id uuid, p_key jsonb, p_overlap_minutes integer, p_administers boolean)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_old users.api_keys := users.own_api_key(p_api_key_id, p_administers);
    v_new uuid := (p_key ->> 'api_key_id')::uuid;
begin
    if nullif(current_setting('app.impersonator_id', true), '') is not null then
        perform platform.fail('WA403', 'permission_denied', 'Nobody makes keys in another person''s place');
    elsif v_old.user_id is distinct from platform.current_user_id() and users.can_sign_in(v_old.user_id) then
        perform platform.fail('WA403', 'permission_denied', 'Only its owner is given a person''s key; it can be revoked');
    elsif v_old.replaced_by is not null or v_old.revoked_at is not null or v_old.expires_at <= v_now then
        perform platform.fail('WA409', 'state_conflict', 'This key was rotated, revoked or has expired');
    end if;
    insert into users.api_keys (
        tenant_id, api_key_id, user_id, name, prefix, key_hash, scopes, created_by, created_at, expires_at)
    values (v_tenant, v_new, v_old.user_id, v_old.name, p_key ->> 'prefix', decode(p_key ->> 'key_hash', 'hex'),
        v_old.scopes, platform.current_user_id(), v_now, v_now + (v_old.expires_at - v_old.created_at));
    update users.api_keys k
       set replaced_by = v_new, version = k.version + 1,
           expires_at = case when p_overlap_minutes > 0
               then least(k.expires_at, v_now + make_interval(mins => p_overlap_minutes)) else k.expires_at end,
           revoked_at = case when p_overlap_minutes > 0 then null else v_now end,
           revoke_reason = case when p_overlap_minutes > 0 then null else 'rotated' end
     where k.tenant_id = v_tenant and k.api_key_id = p_api_key_id;
    perform users.record_event('API_KEY_ROTATED', v_old.user_id, 'success', null,
        jsonb_build_object('api_key_id', v_new, 'replaces', p_api_key_id, 'overlap_minutes', p_overlap_minutes));
    return v_new;
end
$$;
