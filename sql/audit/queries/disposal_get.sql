-- audit.disposal_get: one disposal. $1 disposal_id uuid
select d.disposal_id, d.table_name, d.as_of, d.reason, d.status, d.records, d.held, d.proposed_at, d.proposed_by, d.decided_at,
       d.decided_by, d.decision_note, d.execute_on, d.finished_at, d.disposed, d.kept::text,
       encode(d.ids_sha256, 'hex') as ids_sha256, d.version
  from audit.disposals d
 where d.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and d.disposal_id = $1::uuid
