-- What an event of the directory does here: applied, stale (a later one was here first), unchanged, unknown_person,
-- pending (see apply_group_event), or stored (a type that nothing is done about). The directory's word on who has left
-- holds also for the last administrator.
create or replace function users.apply_directory_event(
    p_tenant_id uuid, p_type text, p_published timestamptz, p_subject text, p_payload jsonb)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_off constant text[] := '{user.lifecycle.deactivate,user.lifecycle.suspend}';
    v_on constant text[] := '{user.lifecycle.activate,user.lifecycle.unsuspend}';
    v_member users.memberships;
begin
    if p_subject is not null and p_type in ('group.user_membership.add', 'group.user_membership.remove') then
        return users.apply_group_event(p_tenant_id, p_type, p_published, p_subject, p_payload);
    elsif p_subject is null or not p_type = any (v_off || v_on || '{user.account.update_profile,user.session.end}') then
        return 'stored';
    end if;
    -- The lock makes two deliveries about one person take turns.
    select m.* into v_member from users.memberships m
     where m.tenant_id = p_tenant_id and m.status <> 'ended'
       and m.user_id = users.directory_person(p_tenant_id, p_subject, p_payload ->> 'login')
       for update;
    if not found then
        return 'unknown_person';
    elsif p_type = any (v_off || v_on) then
        -- At the same instant the one that closes wins.
        if exists (select from users.directory_events d
                    where d.tenant_id = p_tenant_id and d.source = 'okta' and d.subject = p_subject
                      and d.event_type = any (v_off || v_on) and d.outcome in ('applied', 'unchanged')
                      and (d.published > p_published
                           or d.published = p_published and d.event_type = any (v_off) and p_type = any (v_on))) then
            return 'stale';
        end if;
        if p_type = any (v_off) then
            perform users.end_access(p_tenant_id, v_member.user_id, 'directory');
            update users.memberships m set status = 'suspended', updated_at = platform.request_time(), version = m.version + 1
             where m.tenant_id = p_tenant_id and m.user_id = v_member.user_id and m.status in ('active', 'invited');
            return case when found then 'applied' else 'unchanged' end;
        end if;
        -- What an administrator here suspended, the directory does not open again; nothing that was open comes back.
        if v_member.status = 'suspended' then
            perform users.end_access(p_tenant_id, v_member.user_id, 'before reactivation');
        end if;
        update users.memberships m set status = 'active', updated_at = platform.request_time(), version = m.version + 1
         where m.tenant_id = p_tenant_id and m.user_id = v_member.user_id and m.status = 'suspended'
           and exists (select from users.directory_events d
                        where d.tenant_id = p_tenant_id and d.source = 'okta' and d.subject = p_subject
                          and d.event_type = any (v_off) and d.outcome = 'applied');
        return case when found then 'applied' else 'unchanged' end;
    elsif p_type = 'user.session.end' then
        update users.user_sessions s set revoked_at = platform.request_time(), revoke_reason = 'directory'
         where s.tenant_id = p_tenant_id and s.user_id = v_member.user_id and s.is_active
           and s.okta_session_id = p_payload ->> 'session_id';
        return case when found then 'applied' else 'unchanged' end;
    end if;
    -- The event says who, and beside the name nothing of what; and only what the directory owns is its to rename.
    update users.users u set display_name = p_payload ->> 'name'
     where u.user_id = v_member.user_id and u.directory_tenant_id = p_tenant_id
       and length(p_payload ->> 'name') between 1 and 255 and u.display_name is distinct from p_payload ->> 'name';
    return case when found then 'applied' else 'unchanged' end;
end
$$;
