-- S3-52: registers a person with a firm that takes people in who register themselves, without any role. The answer is the
-- same for every address; what differs goes by mail to the address itself. Nobody can sign in before the address is
-- verified, and until then a new registration takes the place of the one before. An address that has an account already
-- costs what a new one does: the account is made and taken back.
-- p_person: email, first_name, last_name, hash, issuer. p_link: token (hash in hex), sealed (hex), expires_at.
create or replace function users.sp_register_user(p_tenant_id uuid, p_person jsonb, p_link jsonb, p_caller jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email text := p_person ->> 'email';
    v_user users.users;
    v_id uuid;
begin
    perform users.set_caller(p_tenant_id, null, 'anonymous', p_caller);
    if not (users.policy_of(p_tenant_id)).self_registration
       or not exists (select from tenants.tenants t where t.tenant_id = p_tenant_id and t.status = 'active') then
        perform platform.fail('WA403', 'registration_closed', 'This firm takes nobody in who registers alone');
    end if;
    perform pg_advisory_xact_lock(hashtextextended('register ' || v_email, 0));
    select u.* into v_user from users.local_account(v_email) u for update;
    v_id := v_user.user_id;
    if v_id is not null and (v_user.email_verified_at is not null or not v_user.is_active) then
        begin
            v_id := users.create_local_account(p_person || jsonb_build_object('email', gen_random_uuid() || '@invalid'));
            perform platform.fail('WA409', 'duplicate', 'taken back');
        exception when sqlstate 'WA409' then
            v_id := v_user.user_id;
        end;
        perform users.make_one_time_token(decode(p_link ->> 'token', 'hex'), 'void', null, null, null,
            platform.request_time());
        perform users.queue_mail('already_registered', v_user.email, users.mail_facts(p_tenant_id, v_user), null);
        perform users.record_event('REGISTER', v_id, 'denied', 'address_known', null);
        return;
    end if;
    if v_id is null then
        v_id := users.create_local_account(p_person);
    else
        update users.users u set first_name = p_person ->> 'first_name', last_name = p_person ->> 'last_name',
               display_name = nullif(concat_ws(' ', p_person ->> 'first_name', p_person ->> 'last_name'), '')
         where u.user_id = v_id;
        insert into users.password_credentials as c (user_id, hash, changed_at)
        values (v_id, p_person ->> 'hash', platform.request_time())
        on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at, version = c.version + 1;
    end if;
    insert into users.memberships (tenant_id, user_id, origin) values (p_tenant_id, v_id, 'registration')
    on conflict do nothing;
    perform users.send_verification(v_id, p_tenant_id, p_link);
    perform users.record_event('REGISTER', v_id, 'success', null, null);
end
$$;
