-- audit.disposal_items: the records of a disposal. $1 disposal_id uuid, $2 cursor: after this record_id text,
-- $3 limit bigint
select i.record_id, i.retain_until, i.state, i.why
  from audit.disposal_items i
 where i.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and i.disposal_id = $1::uuid and ($2::text is null or i.record_id > $2)
 order by i.record_id
 limit $3::bigint
