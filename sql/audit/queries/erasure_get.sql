-- audit.erasure_get: one erasure request with its answer: the one that was given, or what it would be now.
-- $1 erasure_id uuid
select e.erasure_id, e.person_id, e.ground, e.reason, e.status, e.requested_at, e.requested_by, e.decided_at, e.decided_by,
       e.finished_at, e.events, encode(e.events_sha256, 'hex') as events_sha256, e.version,
       coalesce(e.answer, audit.erasure_answer(e.person_id))::text as answer
  from audit.erasure_requests e
 where e.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and e.erasure_id = $1::uuid
