-- Gives a person of the firm's own directory the password that the directory has set, and ends the sessions that were opened
-- with another. Inner part of scim_create_user and scim_update_user. Nothing without a hash.
-- Raises WA409 (state_conflict) for anybody else.
create or replace function users.put_directory_password(p_tenant_id uuid, p_user_id uuid, p_hash text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_hash is null then
        return;
    elsif not exists (select from users.users u
                       where u.user_id = p_user_id and u.directory_tenant_id = p_tenant_id) then
        perform platform.fail('WA409', 'state_conflict', 'The password of this user is the user''s own');
    end if;
    if exists (select from users.password_credentials c where c.user_id = p_user_id) then
        perform users.set_password(p_user_id, p_hash, (users.policy_of(p_tenant_id)).password_history);
        perform users.end_sessions(p_user_id, null, 'password_changed');
    else
        insert into users.password_credentials (user_id, hash, changed_at)
        values (p_user_id, p_hash, platform.request_time());
    end if;
    perform users.record_event('PASSWORD_CHANGED', p_user_id, 'success', 'directory', null);
end
$$;
