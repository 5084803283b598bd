-- Sends a link that verifies the address of a person, in the place of those sent before.
create or replace function users.send_verification(p_user_id uuid, p_tenant_id uuid, p_link jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user users.users;
begin
    select u.* into v_user from users.users u where u.user_id = p_user_id;
    update users.one_time_tokens t set used_at = platform.request_time()
     where t.user_id = p_user_id and t.purpose = 'verify_email' and t.used_at is null;
    perform users.make_one_time_token(decode(p_link ->> 'token', 'hex'), 'verify_email', p_user_id, p_tenant_id,
        jsonb_build_object('email', v_user.email), (p_link ->> 'expires_at')::timestamptz);
    perform users.queue_mail('verify_email', v_user.email, users.mail_facts(p_tenant_id, v_user),
        decode(p_link ->> 'sealed', 'hex'));
end
$$;
