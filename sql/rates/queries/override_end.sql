-- rates.override_end: only what the reader may see. $1 override_id uuid, $2 end_date date, $3 id of the rest uuid,
-- $4 reason text, $5 expected version bigint
select rates.end_override(o.override_id, $2::date, $3::uuid, $4::text,
                          left(current_setting('app.current_user_label', true), 255), $5::bigint)
  from rates.rate_overrides o
 where o.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and o.override_id = $1::uuid
