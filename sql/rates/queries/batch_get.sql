-- rates.batch_get: a delivered batch with the answer it got. $1 source text, $2 batch_id uuid
select b.batch_id, b.source, b.external_batch_id, b.received_at, b.received_by, b.rows_total, b.rows_applied,
       b.rows_unchanged, b.rows_duplicate, b.rows_quarantined, b.rows_rejected, b.response
  from rates.feed_batches b
 where b.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and b.source = $1::text and b.batch_id = $2::uuid
