-- The member whom a directory means: by the id that it provisioned (externalId), or by a sign-in at an Okta that the
-- tenant trusts; never by an address that somebody has here. Null: nobody.
create or replace function users.directory_person(p_tenant_id uuid, p_subject text, p_login text)
returns uuid
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select m.user_id from users.memberships m
     where m.tenant_id = p_tenant_id and m.status <> 'ended'
       and (m.external_id = p_subject or m.user_id in (
            select i.user_id from users.user_identities i
              join users.identity_providers p
                on p.tenant_id = p_tenant_id and p.issuer = i.issuer and p.provider = 'okta' and p.is_active
             where i.subject in (p_subject, p_login)))
     order by m.external_id = p_subject desc nulls last, m.user_id
     limit 1
$$;
