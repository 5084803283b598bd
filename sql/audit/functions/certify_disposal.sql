-- Ends a disposal with its certificate, an audit event: what, how many, by which policies, who agreed, and the SHA-256 of
-- the ids that went, in their order and one a line. Inner part of job_dispose.
create or replace function audit.certify_disposal(p_disposal audit.disposals)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v record;
    v_policies jsonb;
begin
    select count(*) filter (where i.state = 'disposed') as disposed,
           coalesce((select jsonb_object_agg(k.why, k.n) from (
                select x.why, count(*) as n from audit.disposal_items x
                 where x.tenant_id = p_disposal.tenant_id and x.disposal_id = p_disposal.disposal_id and x.state = 'kept'
                 group by x.why) k), '{}') as kept,
           sha256(convert_to(coalesce(string_agg(i.record_id, E'\n' order by i.record_id collate "C")
                                      filter (where i.state = 'disposed'), ''), 'UTF8')) as ids,
           max(i.retain_until) filter (where i.state = 'disposed') as latest
      into v
      from audit.disposal_items i
     where i.tenant_id = p_disposal.tenant_id and i.disposal_id = p_disposal.disposal_id;
    select jsonb_agg(jsonb_build_object('class', r.class, 'origin', r.origin, 'version', r.version, 'months', r.months,
               'days', r.days, 'source', r.source) order by r.class, r.origin, r.version) into v_policies
      from audit.retention_versions(p_disposal.tenant_id) r
      join audit.retention_tables m on m.table_name = p_disposal.table_name and r.class = any (m.classes);
    update audit.disposals d
       set status = 'done', finished_at = clock_timestamp(), disposed = v.disposed, kept = v.kept, ids_sha256 = v.ids,
           version = d.version + 1
     where d.tenant_id = p_disposal.tenant_id and d.disposal_id = p_disposal.disposal_id;
    perform audit.write(p_disposal.tenant_id, 'disposal.certified', 'DISPOSAL_CERTIFIED', 'disposals',
        p_disposal.disposal_id::text, null, null, jsonb_build_object('table_name', p_disposal.table_name,
            'as_of', p_disposal.as_of, 'disposed', v.disposed, 'kept', v.kept, 'ids_sha256', encode(v.ids, 'hex'),
            'latest_retain_until', v.latest, 'policies', v_policies, 'proposed_by', p_disposal.proposed_by_user_id,
            'approved_by', p_disposal.decided_by_user_id, 'approved_at', p_disposal.decided_at), p_disposal.reason);
end
$$;
