-- The same for DELETE. Transition table: old_rows. What a disposal takes is named by its certificate, and not told once
-- more.
create or replace function audit.statement_delete()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c record;
    v_rule audit.redactions;
    v_salt text;
    v_disposing boolean;
begin
    select * into c from audit.context();
    select * into v_rule from audit.redactions r where r.table_name = tg_table_schema || '.' || tg_table_name;
    v_salt := case when v_rule.hashed <> '{}' then gen_random_uuid() end;
    v_disposing := exists (select from audit.disposal_items i
                            where i.tenant_id = c.tenant_id and i.xact = pg_current_xact_id_if_assigned());
    insert into audit.audit_events (
        tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, old_values,
        ip_address, user_agent, session_id, request_id, transaction_name)
    select (o.j ->> 'tenant_id')::uuid, c.actor_id, c.actor_type, c.actor_label, tg_table_name || '.deleted', 'DELETE',
           tg_table_name, o.j ->> tg_argv[0],
           case when not v_disposing or not audit.is_disposed_of(v_rule.table_name, o.j) then o.j end, c.ip_address, c.user_agent, c.session_id, c.request_id,
           c.transaction_name
      from (select audit.visible(to_jsonb(r) - v_rule.dropped, v_rule.masked, v_rule.hashed, v_salt) as j
              from old_rows r offset 0) o;
    return null;
end
$$;
