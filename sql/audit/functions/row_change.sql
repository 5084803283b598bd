-- Row trigger of ordinary tables. Arguments: the column that names the row; the tenant comes from the row itself, so
-- that a change typed by an administrator without any context lands in the right log.
create or replace function audit.row_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Marks of use, not changes: what was used is an event of its own.
    v_unsaid constant text[] := '{updated_at,version,last_login,last_used_at,last_used_ip,last_step,sign_count}';
    v_old jsonb := case when tg_op <> 'INSERT' then audit.visible(to_jsonb(old)) end;
    v_new jsonb := case when tg_op <> 'DELETE' then audit.visible(to_jsonb(new)) end;
    v_row jsonb := coalesce(v_new, v_old);
begin
    if tg_op = 'UPDATE' and (v_old - v_unsaid) = (v_new - v_unsaid) then
        return null;
    end if;
    perform audit.write((v_row ->> 'tenant_id')::uuid,
        tg_table_name || '.' || case tg_op when 'INSERT' then 'inserted' when 'UPDATE' then 'updated' else 'deleted' end,
        tg_op, tg_table_name, v_row ->> tg_argv[0], v_old, v_new);
    return null;
end
$$;
