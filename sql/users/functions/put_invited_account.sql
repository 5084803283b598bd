-- Makes the account of somebody who was invited, or hands the one that was registered with the address, which nobody has
-- ever shown to be theirs, to whoever reads its mail: with their password and name, and without anything open in it.
-- p_person as users.create_local_account has it.
create or replace function users.put_invited_account(p_user_id uuid, p_person jsonb)
returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_user_id is null then
        return users.create_local_account(p_person);
    end if;
    update users.users u
       set first_name = p_person ->> 'first_name', last_name = p_person ->> 'last_name',
           display_name = nullif(concat_ws(' ', p_person ->> 'first_name', p_person ->> 'last_name'), ''),
           email_verified_at = (p_person ->> 'verified_at')::timestamptz
     where u.user_id = p_user_id;
    perform users.set_password(p_user_id, p_person ->> 'hash', 0);
    delete from users.security_questions q where q.user_id = p_user_id;
    update users.one_time_tokens t set used_at = platform.request_time()
     where t.user_id = p_user_id and t.used_at is null;
    perform users.end_sessions(p_user_id, null, 'invitation_accepted');
    return p_user_id;
end
$$;
