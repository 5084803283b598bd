-- Records that somebody read or exported what others did: the audit of the audit log. p_details says what was asked for.
create or replace function audit.record_access(p_action text, p_details jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_action not in ('audit_log.read', 'audit_log.exported') then
        perform platform.fail('WA422', 'validation_failed', 'This is no access to the audit log');
    end if;
    perform audit.write(platform.require_tenant(), p_action, null, 'audit_log', null, null, null, p_details);
end
$$;
