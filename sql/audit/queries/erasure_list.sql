-- audit.erasure_list: erasure requests, the newest first. $1 status text (NULL: all), $2 cursor: before this erasure_id
-- uuid, $3 limit bigint
select e.erasure_id, e.person_id, e.ground, e.reason, e.status, e.requested_at, e.requested_by, e.decided_at, e.decided_by,
       e.finished_at, e.events, encode(e.events_sha256, 'hex') as events_sha256, e.version
  from audit.erasure_requests e
 where e.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::text is null or e.status = $1)
   and e.erasure_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
 order by e.erasure_id desc
 limit $3::bigint
