-- products.comparison_inputs: everything a comparison rests on, in the order asked for: each product as recorded at
-- known_at and the rate in force on as_of as known then. Products the reader may not see are missing from the answer.
-- $1 product_ids uuid[], $2 as_of date (NULL: the business date, which the answer names), $3 known_at timestamptz (NULL: this instant, which the answer names),
-- $4 state of the client text (NULL: any), $5 whether the caller needs appointments where the firm enforces them boolean
select i.product_id, v.version as product_version, v.snapshot, r.rate_history_id, r.base_rate, r.bonus_rate,
       r.effective_date as rate_effective_date, r.end_date as rate_end_date,
       coalesce($3::timestamptz, statement_timestamp()) as known_at,
       coalesce($2::date, platform.business_date()) as as_of,
       $5::boolean
         and coalesce((select s.appointments_enforced from products.sale_settings s
                        where s.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)), false)
         and not products.is_appointed(p.product_type, p.product_subtype, p.issuer, $4::text,
                coalesce($2::date, platform.business_date())) as not_appointed
  from unnest($1::uuid[]) with ordinality as i(product_id, position)
  join products.products p
    on p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and p.product_id = i.product_id
 cross join lateral (
    select x.version, x.snapshot from products.product_versions x
     where x.tenant_id = p.tenant_id and x.product_id = p.product_id
       and x.recorded_at <= coalesce($3::timestamptz, statement_timestamp())
     order by x.version desc limit 1) v
  left join lateral rates.rate_in_force(
    p.product_id, coalesce($2::date, platform.business_date()),
    coalesce($3::timestamptz, statement_timestamp())) r on true
 order by i.position
