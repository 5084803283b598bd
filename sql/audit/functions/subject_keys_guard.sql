-- A key of a person stays as it was made, for every role, and ends once: by an executing erasure of that person, and not
-- while a hold keeps what the log or the archive says of them.
create or replace function audit.subject_keys_guard()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_end constant text[] := '{key,destroyed_at,destroyed_by}';
begin
    if tg_op = 'UPDATE' and old.destroyed_at is null and new.destroyed_at is not null
       and to_jsonb(old) - v_end = to_jsonb(new) - v_end
       and exists (select from audit.erasure_requests r
                    where r.tenant_id = old.tenant_id and r.erasure_id = new.destroyed_by
                      and r.person_id = old.subject_id and r.status = 'executing')
       and not audit.erasure_is_held(old.tenant_id, old.subject_id)
       and not audit.archive_is_held(old.tenant_id, old.subject_id) then
        return new;
    end if;
    raise exception using errcode = 'WA403', message = format('%s.%s is append-only: %s is refused',
        tg_table_schema, tg_table_name, tg_op), detail = '{"code": "append_only"}';
end
$$;
