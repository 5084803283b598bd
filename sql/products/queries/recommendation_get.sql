-- products.recommendation_get: one recommendation with its record, its seal, and whether record and comparison still are
-- what was sealed. $1 recommendation_id uuid
select r.recommendation_id, r.comparison_id, r.product_id, r.user_id, r.client_reference, r.is_replacement,
       r.created_at, r.created_by, coalesce(d.decision, 'pending') as status, d.reason, d.decided_at, d.decided_by,
       r.record, encode(r.comparison_sha256, 'hex') as comparison_sha256,
       encode(r.record_sha256, 'hex') as record_sha256,
       c.result_sha256 = r.comparison_sha256
         and sha256(convert_to(c.result, 'UTF8')) = r.comparison_sha256
         and sha256(r.comparison_sha256 || convert_to(r.record, 'UTF8')) = r.record_sha256 as intact
  from products.recommendations r
  left join products.recommendation_decisions d
    on d.tenant_id = r.tenant_id and d.recommendation_id = r.recommendation_id
  join products.product_comparisons c on c.tenant_id = r.tenant_id and c.comparison_id = r.comparison_id
 where r.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and r.recommendation_id = $1::uuid
