-- Row trigger of ordinary tables. Arguments: the column that names the row; the tenant comes from the row itself, so
-- that a change typed by an administrator without any context lands in the right log. What of the row enters the log,
-- audit.field_classes says.
create or replace function audit.row_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Marks of use, not changes: what was used is an event of its own.
    v_unsaid constant text[] := '{updated_at,version,last_login,last_used_at,last_used_ip,last_step,sign_count}';
    v_rule audit.redactions;
    v_salt text;
    v_disposed boolean;
    v_old jsonb;
    v_new jsonb;
begin
    select * into v_rule from audit.redactions r where r.table_name = tg_table_schema || '.' || tg_table_name;
    if tg_op <> 'INSERT' then
        v_old := to_jsonb(old) - v_rule.dropped;
    end if;
    if tg_op <> 'DELETE' then
        v_new := to_jsonb(new) - v_rule.dropped;
    end if;
    if tg_op = 'UPDATE' and (v_old - v_unsaid) = (v_new - v_unsaid) then
        return null;
    end if;
    -- What a disposal takes is named by its certificate, and not told once more.
    v_disposed := tg_op = 'DELETE' and audit.is_disposed_of(tg_table_schema || '.' || tg_table_name, to_jsonb(old));
    v_salt := case when v_rule.hashed <> '{}' then gen_random_uuid() end;
    perform audit.write((coalesce(v_new, v_old) ->> 'tenant_id')::uuid,
        tg_table_name || '.' || case tg_op when 'INSERT' then 'inserted' when 'UPDATE' then 'updated' else 'deleted' end,
        tg_op, tg_table_name, coalesce(v_new, v_old) ->> tg_argv[0],
        case when not v_disposed then audit.visible(v_old, v_rule.masked, v_rule.hashed, v_salt) end,
        audit.visible(v_new, v_rule.masked, v_rule.hashed, v_salt));
    return null;
end
$$;
