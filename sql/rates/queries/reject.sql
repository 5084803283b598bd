-- rates.reject: only what the reader may see, so that a hidden change answers like an unknown one. $1 change_id uuid,
-- $2 note text, $3 expected version bigint
select rates.reject_change(c.change_id, left(current_setting('app.current_user_label', true), 255), $2, $3)
  from rates.rate_changes c
 where c.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and c.change_id = $1::uuid
