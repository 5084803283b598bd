-- Takes a sign-in from a member: its tokens die with the next request. The firm may take those of its own issuers and of
-- the people of its own directory. The last way in of an administrator stays.
create or replace function users.unlink_identity(p_user_id uuid, p_identity_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, null);
    v_identity record;
begin
    select i.issuer, i.subject, u.directory_tenant_id = v_tenant as own into v_identity
      from users.user_identities i
      join users.users u on u.user_id = i.user_id
     where i.identity_id = p_identity_id and i.user_id = p_user_id
       and (u.directory_tenant_id = v_tenant or exists (
            select from users.identity_providers s where s.tenant_id = v_tenant and s.issuer = i.issuer));
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such sign-in');
    elsif v_identity.own is not true and not users.has_issuer_alone(v_member.tenant_id, v_identity.issuer) then
        perform platform.fail('WA409', 'state_conflict', 'The user unlinks sign-ins of this issuer personally');
    end if;
    delete from users.user_identities i where i.identity_id = p_identity_id;
    perform users.close_grants(v_tenant, array(
        select r.user_role_id from users.user_roles r
         where r.tenant_id = v_tenant and r.user_id = p_user_id and r.issuer = v_identity.issuer), 'sign-in unlinked');
    perform users.record_event('IDENTITY_UNLINKED', p_user_id, 'success', null,
        jsonb_build_object('issuer', v_identity.issuer, 'subject', v_identity.subject));
    if users.is_administrator(v_tenant, p_user_id)
       and not exists (select from users.user_identities i where i.user_id = p_user_id)
       and not exists (select from users.password_credentials c where c.user_id = p_user_id) then
        perform platform.fail('WA409', 'last_administrator', 'This is the last way in of an administrator');
    end if;
end
$$;
