-- The same for UPDATE. Transition tables: old_rows, new_rows. Updates that changed nothing leave no event. Two
-- bulk row sets are joined, so never by nested loops.
create or replace function audit.statement_update()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
begin
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, old_values,
        new_values, ip_address, user_agent, session_id, request_id, transaction_name)
    select n.tenant::uuid, c.actor_id, c.actor_type, c.actor_label, tg_table_name || '.updated', 'UPDATE',
           tg_table_name, n.id, o.j, n.j, c.ip_address, c.user_agent, c.session_id, c.request_id,
           c.transaction_name
      from audit.context() c,
           (select x.j, x.j ->> tg_argv[0] as id, x.j ->> 'tenant_id' as tenant
              from (select audit.visible(to_jsonb(r)) as j from new_rows r offset 0) x offset 0) n
      join (select x.j, x.j ->> tg_argv[0] as id, x.j ->> 'tenant_id' as tenant
              from (select audit.visible(to_jsonb(r)) as j from old_rows r offset 0) x offset 0) o
           on o.id = n.id and o.tenant = n.tenant
     where (o.j - '{updated_at,version}'::text[]) <> (n.j - '{updated_at,version}'::text[]);
    return null;
end
$$;
