-- products.recommendation_decide: only what the reader may see, so that a hidden one answers like an unknown one.
-- $1 recommendation_id uuid, $2 decision text, $3 reason text
select products.decide_recommendation(
           r.recommendation_id, $2::text, $3::text, left(current_setting('app.current_user_label', true), 255))
  from products.recommendations r
 where r.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and r.recommendation_id = $1::uuid
