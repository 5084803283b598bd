-- Notes that a log's part of a month is written, with its manifest. Refused unless the files hold every row.
create or replace function audit.job_archive_written(p_tenant_id uuid, p_month date, p_path text, p_sha256 bytea)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform audit.archive_turn(p_tenant_id, p_month, 'writing');
    if not exists (
        select from audit.archive_logs l
         where l.tenant_id = p_tenant_id and l.month = p_month
           and (l.rows, l.first_leaf, l.last_leaf) = (
                select sum(f.rows), min(f.first_leaf), max(f.last_leaf) from audit.archive_files f
                 where f.tenant_id = l.tenant_id and f.month = l.month)) then
        perform platform.fail('WA409', 'state_conflict', 'The files do not hold every event of the month');
    end if;
    update audit.archive_logs l set manifest_path = p_path, manifest_sha256 = p_sha256
     where l.tenant_id = p_tenant_id and l.month = p_month;
    perform audit.archive_advance(p_month, 'written');
end
$$;
