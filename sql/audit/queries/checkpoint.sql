-- audit.checkpoint: a signed head of the log, the last one unless $1 size bigint names another
select c.size, c.root, c.note, c.verifier_key, c.sealed_at
  from audit.checkpoints c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::bigint is null or c.size = $1)
 order by c.size desc
 limit 1
