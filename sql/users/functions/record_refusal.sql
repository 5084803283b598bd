-- A credential that was refused, for the log of the tenant that it named or was of. p_user_id is known only where the
-- credential itself was good (its session had ended, its person was suspended); what a forged token says of its person is
-- nobody's word. A tenant that there is not has no log, and the function's own log line is all there is.
create or replace function users.record_refusal(
    p_tenant_id uuid, p_user_id uuid, p_action text, p_reason text, p_attempts integer, p_details jsonb, p_caller jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from tenants.tenants t where t.tenant_id = p_tenant_id) then
        return;
    end if;
    perform users.set_caller(p_tenant_id, p_user_id,
        coalesce((select coalesce(u.display_name, u.email) from users.users u where u.user_id = p_user_id), 'anonymous'),
        p_caller);
    perform users.note_refusal(p_action, p_user_id, p_reason, least(greatest(p_attempts, 1), 1000000), p_details);
    perform set_config('app.current_tenant_id', '', true);
end
$$;
