-- The same for DELETE. Transition table: old_rows.
create or replace function audit.statement_delete()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c record;
begin
    select * into c from audit.context();
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, old_values,
        ip_address, user_agent, session_id, request_id, transaction_name)
    select (o.j ->> 'tenant_id')::uuid, c.actor_id, c.actor_type, c.actor_label, tg_table_name || '.deleted', 'DELETE',
           tg_table_name, o.j ->> tg_argv[0], o.j, c.ip_address, c.user_agent, c.session_id, c.request_id,
           c.transaction_name
      from (select audit.visible(to_jsonb(r)) as j from old_rows r offset 0) o;
    return null;
end
$$;
