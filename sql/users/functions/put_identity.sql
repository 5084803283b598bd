-- Links the sign-in (issuer, subject) to a person, if it is nobody's. Never by e-mail (ASVS 6.8.1). Inner part of
-- link_identity and link_own_identity. A sign-in that is this person's already stays as it is.
create or replace function users.put_identity(p_tenant_id uuid, p_user_id uuid, p_identity_id uuid, p_issuer text, p_subject text)
returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_identity record;
begin
    insert into users.user_identities (identity_id, user_id, provider, issuer, subject)
    select p_identity_id, p_user_id, s.provider, s.issuer, p_subject
      from users.identity_providers s
     where s.tenant_id = p_tenant_id and s.issuer = p_issuer and s.is_active
    on conflict (issuer, subject) do nothing;
    select i.identity_id, i.user_id into v_identity from users.user_identities i
     where i.issuer = p_issuer and i.subject = p_subject;
    if v_identity.user_id is distinct from p_user_id then
        perform platform.fail('WA409', 'state_conflict', 'This sign-in belongs to somebody already');
    end if;
    perform users.record_event('IDENTITY_LINKED', p_user_id, 'success', null,
        jsonb_build_object('issuer', p_issuer, 'subject', p_subject));
    return v_identity.identity_id;
end
$$;
