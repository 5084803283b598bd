-- Leaves nothing of what the firm's directory called somebody who has left, unless a hold keeps the membership. That there
-- was one, and when, is a record and stays.
create or replace function users.forget_membership(p_tenant_id uuid, p_user_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    update users.memberships m
       set user_name = null, external_id = null, scim = null, updated_at = now(), version = m.version + 1
     where m.tenant_id = p_tenant_id and m.user_id = p_user_id and m.status = 'ended'
       and num_nonnulls(m.user_name, m.external_id, m.scim) > 0
       and audit.hold_over(p_tenant_id, 'users.memberships', p_user_id::text, to_jsonb(m)) is null;
end
$$;
