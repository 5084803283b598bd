-- Links a sign-in to a member, by an administrator. Only to people of the firm's own directory, and only of an issuer that
-- is this firm's alone: everybody else proves possession of both sign-ins (link_own_identity). So no firm can speak for
-- a person of another, nor learn whether a subject of a shared issuer is somebody's.
create or replace function users.link_identity(p_user_id uuid, p_identity_id uuid, p_issuer text, p_subject text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_member users.memberships := users.hold_member(v_tenant, p_user_id, null);
begin
    if not users.has_issuer_alone(v_tenant, p_issuer) then
        perform platform.fail('WA422', 'issuer_not_own', 'must be an issuer that speaks for the people of this firm alone', '/issuer');
    elsif not exists (select from users.users u
                       where u.user_id = p_user_id and u.directory_tenant_id = v_member.tenant_id) then
        perform platform.fail('WA409', 'state_conflict', 'This user links sign-ins personally');
    elsif users.put_identity(v_tenant, p_user_id, p_identity_id, p_issuer, p_subject) <> p_identity_id then
        perform platform.fail('WA409', 'duplicate', 'The user has this sign-in already', '/subject');
    end if;
end
$$;
