-- Why a session that was not ended cannot be renewed: its idle or absolute limit, its person, membership or tenant. NULL
-- when it can be.
create or replace function users.session_refusal(p_session users.user_sessions, p_now timestamptz)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_session.expires_at <= p_now or p_session.absolute_expires_at <= p_now then 'expired'
        when not coalesce((select u.is_active from users.users u where u.user_id = p_session.user_id), false)
          or not exists (select from users.memberships m
                          where m.tenant_id = p_session.tenant_id and m.user_id = p_session.user_id
                            and m.status = 'active') then 'account_inactive'
        when not exists (select from tenants.tenants t
                          where t.tenant_id = p_session.tenant_id and t.status = 'active') then 'tenant_inactive'
        end
$$;
