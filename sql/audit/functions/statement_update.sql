-- The same for UPDATE. Transition tables: old_rows, new_rows. Updates that changed nothing leave no event. The statement
-- is put together for the column that names the row, so that two bulk row sets are joined as they are and each row
-- becomes JSON once; never by nested loops.
create or replace function audit.statement_update()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set enable_mergejoin = off set jit = off set work_mem = '64MB'
as $$
declare
    c record;
    v_rule audit.redactions;
    v_salt text;
begin
    select * into c from audit.context();
    select * into v_rule from audit.redactions r where r.table_name = tg_table_schema || '.' || tg_table_name;
    v_salt := case when v_rule.hashed <> '{}' then gen_random_uuid() end;
    execute format($q$
        insert into audit.audit_events (
            tenant_id, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id, old_values,
            new_values, ip_address, user_agent, session_id, request_id, transaction_name)
        select x.tenant_id, $1, $2, $3, $4, 'UPDATE', $5, x.id, audit.visible(x.o, $12, $13, $14),
               audit.visible(x.n, $12, $13, $14), $6, $7, $8, $9, $10
          from (select n.tenant_id, n.%1$I::text as id, to_jsonb(o) - $11 as o, to_jsonb(n) - $11 as n
                  from new_rows n
                  join old_rows o on o.tenant_id = n.tenant_id and o.%1$I = n.%1$I offset 0) x
         where (x.o - '{updated_at,version}'::text[]) <> (x.n - '{updated_at,version}'::text[])$q$, tg_argv[0])
      using c.actor_id, c.actor_type, c.actor_label, tg_table_name || '.updated', tg_table_name, c.ip_address,
            c.user_agent, c.session_id, c.request_id, c.transaction_name, v_rule.dropped, v_rule.masked, v_rule.hashed,
            v_salt;
    return null;
end
$$;
