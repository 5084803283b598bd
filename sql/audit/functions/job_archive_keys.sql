-- The keys that close a log's part of a month in the archive; of those that were destroyed, by which erasure. p_reading:
-- somebody reads the archive with them, which the log then says.
--
-- Beside an erasure: it waits while a month is restored (audit.job_erasure_put), and whoever asks here for the keys of a
-- month that is being restored has waited for one that did not see that yet. So no key is destroyed between here and the
-- last event that was opened with it. A rehearsal is not waited for, but ended.
create or replace function audit.job_archive_keys(p_tenant_id uuid, p_month date, p_reading boolean)
returns table (key_id uuid, key bytea, destroyed_by uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    perform audit.lock_keys(p_tenant_id, false);
    if p_reading then
        perform audit.write(p_tenant_id, 'audit_log.opened', null, 'audit_log', to_char(p_month, 'YYYY-MM'), null, null);
    end if;
    return query
    select k.key_id, k.key, k.destroyed_by from audit.subject_keys k
     where k.tenant_id = p_tenant_id
       and k.key_id in (select u.key_id from audit.subject_key_uses u
                         where u.tenant_id = p_tenant_id and u.month = p_month);
end
$$;
