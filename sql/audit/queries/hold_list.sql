-- audit.hold_list: legal holds, the newest first (ids are time-ordered). $1 status text (NULL: all), $2 cursor: before this
-- hold_id uuid, $3 limit bigint
select h.hold_id, h.name, h.reason, h.status, h.placed_at, h.placed_by, h.release_reason, h.release_requested_at,
       h.release_requested_by, h.released_at, h.released_by, h.version,
       (select jsonb_agg(jsonb_build_object('kind', s.kind, 'table_name', s.table_name, 'record_id', s.record_id,
                   'person_id', s.person_id, 'class', s.class) order by s.ordinal)
          from audit.legal_hold_scopes s where s.tenant_id = h.tenant_id and s.hold_id = h.hold_id)::text as scopes
  from audit.legal_holds h
 where h.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::text is null or h.status = $1)
   and h.hold_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
 order by h.hold_id desc
 limit $3::bigint
