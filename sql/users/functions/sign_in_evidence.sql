-- How a member of the tenant can sign in: counts only, of what nobody may read. No row for anybody else.
create or replace function users.sign_in_evidence(p_user_id uuid)
returns table (has_password boolean, totp_factors bigint, passkeys bigint, recovery_codes bigint, open_links bigint)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from users.password_credentials c where c.user_id = m.user_id),
           (select count(*) from users.totp_factors f where f.user_id = m.user_id and f.confirmed_at is not null),
           (select count(*) from users.webauthn_credentials w where w.user_id = m.user_id),
           (select count(*) from users.recovery_codes r where r.user_id = m.user_id and r.used_at is null),
           (select count(*) from users.one_time_tokens o
             where o.user_id = m.user_id and o.used_at is null and o.expires_at > platform.request_time()
               and (o.bound_tenant_id is null or o.bound_tenant_id = m.tenant_id))
      from users.memberships m
     where m.tenant_id = platform.current_tenant_id() and m.user_id = p_user_id
$$;
