-- Part of begin_request: whether the session or the API key behind a request still lives, and whether the person who acts
-- in another's place may still do so. A session that is not ours (another issuer's sid) has no row and says nothing.
-- Answers with the session's assurance level; null where there is no session of ours.
create or replace function users.check_credential(
    p_tenant_id uuid, p_user_id uuid, p_session_id uuid, p_api_key_id uuid, p_impersonator_id uuid, p_now timestamptz)
returns smallint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_refused boolean;
    v_assurance smallint;
begin
    if p_api_key_id is not null and not exists (
            select from users.api_keys k
             where k.tenant_id = p_tenant_id and k.api_key_id = p_api_key_id and k.user_id = p_user_id
               and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)) then
        perform platform.fail('WA401', 'session_expired', 'This API key is no longer valid');
    end if;
    if p_session_id is not null then
        select not s.is_active or s.user_id <> p_user_id or s.absolute_expires_at <= p_now
                   or s.impersonator_id is distinct from p_impersonator_id,
               s.assurance
          into v_refused, v_assurance
          from users.user_sessions s
         where s.tenant_id = p_tenant_id and s.session_id = p_session_id;
        if v_refused then
            perform platform.fail('WA401', 'session_expired', 'This session has ended');
        end if;
    end if;
    if p_impersonator_id is not null and not exists (
            select from users.memberships m join users.users u on u.user_id = m.user_id
             where m.tenant_id = p_tenant_id and m.user_id = p_impersonator_id and m.status = 'active' and u.is_active) then
        perform platform.fail('WA401', 'session_expired', 'The person who acts here is no longer active');
    end if;
    return v_assurance;
end
$$;
