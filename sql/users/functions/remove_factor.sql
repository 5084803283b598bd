-- Takes a factor away; with the last one its recovery codes go too. Refused where the firm demands that there be one.
-- Raises WA404, WA409.
create or replace function users.remove_factor(p_factor_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
    v_method text;
begin
    -- Two removals at once take turns, so that each sees what the other has left.
    perform pg_advisory_xact_lock(hashtextextended('factors ' || v_user::text, 0));
    delete from users.totp_factors t where t.user_id = v_user and t.factor_id = p_factor_id;
    if found then
        v_method := 'totp';
    else
        delete from users.webauthn_credentials w where w.user_id = v_user and w.factor_id = p_factor_id;
        if not found then
            perform platform.fail('WA404', 'not_found', 'There is no such factor');
        end if;
        v_method := 'webauthn';
    end if;
    if users.mfa_methods(v_user) = '{}' then
        if users.mfa_required(platform.current_tenant_id(), v_user, platform.request_time()) then
            perform platform.fail('WA409', 'state_conflict',
                'Your firm demands a second factor: enrol another one before you remove this one');
        end if;
        delete from users.recovery_codes r where r.user_id = v_user;
    end if;
    perform users.record_event('MFA_REMOVED', v_user, 'success', null,
        jsonb_build_object('method', v_method, 'factor_id', p_factor_id));
end
$$;
