-- audit.leaf_of: the place of an event in the log. $1 event_id uuid
select l.leaf_index
  from audit.log_leaves l
 where l.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and l.event_id = $1::uuid
