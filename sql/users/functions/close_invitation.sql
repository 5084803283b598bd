-- Ends an invitation that was not accepted; its link stops working.
create or replace function users.close_invitation(p_tenant_id uuid, p_invitation_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token bytea;
begin
    update users.invitations i set revoked_at = platform.request_time(), version = i.version + 1
     where i.tenant_id = p_tenant_id and i.invitation_id = p_invitation_id
    returning i.token_hash into v_token;
    update users.one_time_tokens t set used_at = platform.request_time()
     where t.token_hash = v_token and t.used_at is null;
end
$$;
