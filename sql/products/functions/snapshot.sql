-- Records how these products stand now in product_versions (see products.snapshot_of). A version already recorded stays
-- as it is. Products are looked up one by one, so that the cost grows with the call and not with the catalogue.
create or replace function products.snapshot(p_product_ids uuid[])
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into products.product_versions (tenant_id, product_id, version, snapshot)
    select (s.p).tenant_id, (s.p).product_id, (s.p).version, products.snapshot_of(
               s.p,
               (select a.terms from products.annuity_terms a
                 where a.tenant_id = (s.p).tenant_id and a.product_id = (s.p).product_id),
               (select c.terms from products.cd_terms c
                 where c.tenant_id = (s.p).tenant_id and c.product_id = (s.p).product_id),
               coalesce((
                    select jsonb_agg(jsonb_build_object('availability_id', w.availability_id,
                                                        'start_date', w.start_date, 'end_date', w.end_date))
                      from (select a.availability_id, a.start_date, a.end_date from products.product_availability a
                             where a.tenant_id = (s.p).tenant_id and a.product_id = (s.p).product_id and a.is_active
                             order by a.start_date offset 0) w), '[]'))
      from (select (select p from products.products p
                     where p.tenant_id = platform.current_tenant_id() and p.product_id = i.id) as p
              from unnest(p_product_ids) as i(id) offset 0) s
     where (s.p).product_id is not null
    on conflict (tenant_id, product_id, version) do nothing
$$;
