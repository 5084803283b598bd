-- Notes that a file of the archive was read back and holds what was sealed; without a part, that the manifest does,
-- which ends the log's turn. The log itself says so from then on.
create or replace function audit.job_archive_verified(p_tenant_id uuid, p_month date, p_part integer)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
begin
    perform audit.archive_turn(p_tenant_id, p_month, 'written');
    if p_part is not null then
        update audit.archive_files f set verified = true
         where f.tenant_id = p_tenant_id and f.month = p_month and f.part = p_part;
        return;
    end if;
    if exists (select from audit.archive_files f
                where f.tenant_id = p_tenant_id and f.month = p_month and not f.verified) then
        perform platform.fail('WA409', 'state_conflict', 'A file was not read back');
    end if;
    update audit.archive_logs l set verified = true
     where l.tenant_id = p_tenant_id and l.month = p_month
    returning l.rows, l.manifest_path, l.manifest_sha256 into v;
    perform audit.write(p_tenant_id, 'audit_log.archived', null, 'audit_log', to_char(p_month, 'YYYY-MM'), null, null,
        jsonb_build_object('rows', v.rows, 'manifest', v.manifest_path, 'sha256', encode(v.manifest_sha256, 'hex')));
    perform audit.archive_advance(p_month, 'verified');
end
$$;
