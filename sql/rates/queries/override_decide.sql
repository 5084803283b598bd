-- rates.override_decide: only what the reader may see, so that a hidden one answers like an unknown one.
-- $1 override_id uuid, $2 approve boolean, $3 note text, $4 expected version bigint
select rates.decide_override(
           o.override_id, $2::boolean, left(current_setting('app.current_user_label', true), 255), $3::text, $4::bigint)
  from rates.rate_overrides o
 where o.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and o.override_id = $1::uuid
