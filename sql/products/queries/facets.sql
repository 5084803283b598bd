-- products.facets: how many products of a filtered catalogue each type, subtype and issuer has, the most first, and how
-- many there are at all. $1 type text, $2 subtype text, $3 active_on date, $4 is_active boolean, $5 rate_min numeric,
-- $6 rate_max numeric, $7 amount that fits numeric, $8 words to find text[]: as products.list. $9 issuers bigint at most
select f.facet, f.value, f.count
  from (select x.*, row_number() over (partition by x.facet order by x.count desc, x.value) as place
          from (select case grouping(p.product_type, p.product_subtype, p.issuer)
                            when 3 then 'type' when 5 then 'subtype' when 6 then 'issuer' else 'total' end as facet,
                       coalesce(p.product_type, p.product_subtype, p.issuer) as value, count(*) as count
                  from products.products p
                 where p.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
                   and ($1::text is null or p.product_type = $1::text::varchar)
                   and ($2::text is null or p.product_subtype = $2::text::varchar)
                   and ($3::date is null or p.is_active and exists (
                        select from products.product_availability a
                         where a.tenant_id = p.tenant_id and a.product_id = p.product_id and a.is_active
                           and a.start_date <= $3::date and a.end_date >= $3::date))
                   and ($4::boolean is null or p.is_active = $4::boolean)
                   and ($5::numeric is null or p.rate_key <= ($5::numeric * -10000)::bigint)
                   and ($6::numeric is null or p.rate_key >= ($6::numeric * -10000)::bigint)
                   and ($7::numeric is null or (p.minimum_investment <= $7::numeric
                        and (p.maximum_investment is null or p.maximum_investment >= $7::numeric)))
                   and ($8::text[] is null
                        or (select bool_and(strpos(p.search, lower(w)) > 0) from unnest($8::text[]) w))
                 group by grouping sets ((), (p.product_type), (p.product_subtype), (p.issuer))) x
         where x.facet = 'total' or x.value is not null) f
 where f.facet <> 'issuer' or f.place <= $9::bigint
 order by f.facet, f.place
