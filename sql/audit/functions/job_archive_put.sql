-- Notes a file that the archive has. Who comes second, or out of turn, is refused and has changed nothing.
-- p_file: {part, path, sha256, bytes, rows, first_leaf, last_leaf, runs, first_at, last_at, sealed}, the last of them which
-- leaves are closed with which key: [{key_id, leaves}].
create or replace function audit.job_archive_put(p_tenant_id uuid, p_month date, p_file jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_last record;
begin
    perform audit.archive_turn(p_tenant_id, p_month, 'writing');
    select f.part, f.last_leaf into v_last from audit.archive_files f
     where f.tenant_id = p_tenant_id and f.month = p_month order by f.part desc limit 1;
    if (p_file ->> 'part')::integer <> coalesce(v_last.part, 0) + 1
       or (p_file ->> 'first_leaf')::bigint <= coalesce(v_last.last_leaf, -1) then
        perform platform.fail('WA409', 'state_conflict', 'Another run has archived this part');
    end if;
    insert into audit.archive_files (tenant_id, month, part, path, sha256, bytes, rows, first_leaf, last_leaf, runs,
                                     first_at, last_at)
    values (p_tenant_id, p_month, (p_file ->> 'part')::integer, p_file ->> 'path',
            decode(p_file ->> 'sha256', 'hex'), (p_file ->> 'bytes')::bigint, (p_file ->> 'rows')::bigint,
            (p_file ->> 'first_leaf')::bigint, (p_file ->> 'last_leaf')::bigint, p_file -> 'runs',
            (p_file ->> 'first_at')::timestamptz, (p_file ->> 'last_at')::timestamptz);
    insert into audit.subject_key_uses (tenant_id, month, part, key_id, leaves)
    select p_tenant_id, p_month, (p_file ->> 'part')::integer, (u ->> 'key_id')::uuid,
           array(select x::bigint from jsonb_array_elements_text(u -> 'leaves') x)
      from jsonb_array_elements(p_file -> 'sealed') u;
end
$$;
