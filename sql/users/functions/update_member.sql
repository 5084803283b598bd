-- Changes a member; p_changes has the fields to set, null clears. Name, e-mail and ids belong to whoever keeps the person: the
-- firm for people of its own directory that no outside directory maintains, else the person or that directory. What the
-- firm calls its member (user_name, external_id) is the firm's in any case, unless its directory maintains it.
create or replace function users.update_member(p_user_id uuid, p_version bigint, p_changes jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, p_version);
    v_person jsonb := p_changes - '{user_name,external_id}'::text[];
    v_own boolean;
begin
    select u.directory_tenant_id = v_tenant into v_own from users.users u where u.user_id = p_user_id;
    if v_member.origin = 'scim' and p_changes <> '{}' then
        perform platform.fail('WA409', 'state_conflict', 'The directory maintains this user: change it there');
    elsif v_person <> '{}' and v_own is not true then
        perform platform.fail('WA409', 'state_conflict', 'Name, e-mail and ids of this user are for the user to change');
    end if;
    if p_changes = '{}' then
        return;
    end if;
    update users.memberships m
       set user_name = case when p_changes ? 'user_name' then p_changes ->> 'user_name' else m.user_name end,
           external_id = case when p_changes ? 'external_id' then p_changes ->> 'external_id' else m.external_id end,
           updated_at = now(), version = m.version + 1
     where m.tenant_id = v_tenant and m.user_id = p_user_id;
    if v_person = '{}' then
        return;
    end if;
    update users.users u
       set email = coalesce(p_changes ->> 'email', u.email),
           -- A new address is an address that nobody has verified.
           email_verified_at = case when lower(coalesce(p_changes ->> 'email', u.email)) = lower(u.email)
                                    then u.email_verified_at end,
           first_name = case when p_changes ? 'first_name' then p_changes ->> 'first_name' else u.first_name end,
           last_name = case when p_changes ? 'last_name' then p_changes ->> 'last_name' else u.last_name end,
           display_name = case when p_changes ? 'display_name' then p_changes ->> 'display_name' else u.display_name end,
           public_code = case when p_changes ? 'public_code' then p_changes ->> 'public_code' else u.public_code end,
           legacy_id = case when p_changes ? 'legacy_id' then p_changes ->> 'legacy_id' else u.legacy_id end
     where u.user_id = p_user_id;
end
$$;
