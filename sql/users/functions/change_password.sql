-- Second round trip: sets the caller's password if the present one, whose hash was checked, is still the same (null:
-- refused for the reason given), and ends every other session. A refusal is recorded and not raised.
-- Gives changed, or invalid_credentials.
create or replace function users.change_password(p_seen text, p_hash text, p_refused text, p_session_id uuid)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user users.users;
    v_hash text;
    v_rules record;
begin
    select u.* into v_user from users.users u where u.user_id = platform.current_user_id();
    select c.hash into v_hash from users.password_credentials c where c.user_id = v_user.user_id for update;
    if p_refused is not null or encode(sha256(convert_to(v_hash, 'UTF8')), 'hex') is distinct from p_seen then
        perform users.record_event('PASSWORD_CHANGED', v_user.user_id, 'failure',
            coalesce(p_refused, 'password_changed'), null);
        return 'invalid_credentials';
    end if;
    select r.* into v_rules from users.password_rules(v_user.user_id) r;
    perform users.set_password(v_user.user_id, p_hash, v_rules.history);
    perform users.end_sessions(v_user.user_id, p_session_id, 'password_changed');
    perform users.queue_mail('password_changed', v_user.email, users.mail_facts(platform.current_tenant_id(), v_user), null);
    perform users.record_event('PASSWORD_CHANGED', v_user.user_id, 'success', null, null);
    return 'changed';
end
$$;
