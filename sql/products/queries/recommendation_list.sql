-- products.recommendation_list: recommendations, the newest first (ids are time-ordered): one's own, or everybody's for
-- those who supervise, by row policy. $1 user_id uuid, $2 comparison_id uuid, $3 status text (NULL leaves a filter
-- out), $4 cursor: before this recommendation_id uuid, $5 limit bigint
select r.recommendation_id, r.comparison_id, r.product_id, r.user_id, r.client_reference, r.is_replacement,
       r.created_at, r.created_by, coalesce(d.decision, 'pending') as status, d.reason, d.decided_at, d.decided_by
  from products.recommendations r
  left join products.recommendation_decisions d
    on d.tenant_id = r.tenant_id and d.recommendation_id = r.recommendation_id
 where r.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and ($1::uuid is null or r.user_id = $1::uuid)
   and ($2::uuid is null or r.comparison_id = $2::uuid)
   and ($3::text is null or coalesce(d.decision, 'pending') = $3::text)
   and r.recommendation_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
 order by r.recommendation_id desc
 limit $5::bigint
