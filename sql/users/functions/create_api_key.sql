-- Makes an API key for the caller, or, for whoever administers access (p_administers), for a service: a member who has no
-- way to sign in. For another person nobody makes a key: what is done with it would be done in that person's name.
-- p_key: api_key_id, name, prefix, key_hash (hex), scopes, expires_at.
create or replace function users.create_api_key(p_user_id uuid, p_key jsonb, p_administers boolean)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_now timestamptz := platform.request_time();
    v_user uuid := coalesce(p_user_id, platform.current_user_id());
    v_key uuid := (p_key ->> 'api_key_id')::uuid;
begin
    if nullif(current_setting('app.impersonator_id', true), '') is not null then
        perform platform.fail('WA403', 'permission_denied', 'Nobody makes keys in another person''s place');
    elsif v_user is distinct from platform.current_user_id() and not coalesce(p_administers, false) then
        perform platform.fail('WA403', 'permission_denied', 'None of your roles may administer access');
    end if;
    -- Shared with nobody who ends the membership meanwhile: a key is made before that and ended by it, or not at all.
    perform from users.memberships m
      where m.tenant_id = v_tenant and m.user_id = v_user and m.status = 'active' for share;
    if not found then
        perform platform.fail('WA422', 'validation_failed', 'There is no such active member', '/user_id');
    elsif v_user is distinct from platform.current_user_id() and users.can_sign_in(v_user) then
        perform platform.fail('WA422', 'validation_failed',
            'A key in the name of another is only made for a service, which cannot sign in', '/user_id');
    elsif (select count(*) from users.api_keys k
            where k.tenant_id = v_tenant and k.user_id = v_user and k.revoked_at is null
              and (k.expires_at is null or k.expires_at > v_now)) >= 50 then
        perform platform.fail('WA409', 'state_conflict', 'There are 50 keys in force already; revoke one first');
    end if;
    insert into users.api_keys (
        tenant_id, api_key_id, user_id, name, prefix, key_hash, scopes, created_by, created_at, expires_at)
    values (v_tenant, v_key, v_user, p_key ->> 'name', p_key ->> 'prefix', decode(p_key ->> 'key_hash', 'hex'),
        array(select jsonb_array_elements_text(p_key -> 'scopes')), platform.current_user_id(), v_now,
        (p_key ->> 'expires_at')::timestamptz);
    perform users.record_event('API_KEY_CREATED', v_user, 'success', null,
        jsonb_build_object('api_key_id', v_key, 'scopes', p_key -> 'scopes'));
    return v_key;
end
$$;
