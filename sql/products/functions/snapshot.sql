-- Records how these products stand now, as product_versions keeps it: all facts but the rates, with the details of the
-- type and the active windows. A version already recorded stays as it is.
create or replace function products.snapshot(p_product_ids uuid[])
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into products.product_versions (tenant_id, product_id, version, snapshot)
    select p.tenant_id, p.product_id, p.version,
           jsonb_build_object(
               'product_id', p.product_id, 'cusip', p.cusip, 'isin', p.isin, 'product_name', p.product_name,
               'product_type', p.product_type, 'product_subtype', p.product_subtype, 'issuer', p.issuer,
               'description', p.description, 'currency', p.currency, 'minimum_investment', p.minimum_investment::text,
               'maximum_investment', p.maximum_investment::text, 'return_of_premium', p.return_of_premium,
               'return_of_premium_percentage', p.return_of_premium_percentage::text, 'terms_version', p.terms_version,
               'states', p.states, 'is_active', p.is_active,
               'changed_by', coalesce(p.updated_by, p.created_by),
               'changed_by_user_id', case when p.updated_by is null then p.created_by_user_id
                                          else p.updated_by_user_id end,
               'annuity_terms', (select a.terms from products.annuity_terms a
                                  where a.tenant_id = p.tenant_id and a.product_id = p.product_id),
               'cd_terms', (select c.terms from products.cd_terms c
                             where c.tenant_id = p.tenant_id and c.product_id = p.product_id),
               'availability', coalesce((
                    select jsonb_agg(jsonb_build_object('availability_id', w.availability_id,
                                                        'start_date', w.start_date, 'end_date', w.end_date)
                                     order by w.start_date)
                      from products.product_availability w
                     where w.tenant_id = p.tenant_id and w.product_id = p.product_id and w.is_active), '[]'))
      from products.products p
     where p.tenant_id = platform.current_tenant_id() and p.product_id = any (p_product_ids)
    on conflict (tenant_id, product_id, version) do nothing
$$;
