-- Stores the annuity or CD documents of products ([{product_id, terms}]); terms null removes the document, which a legal
-- hold over the product refuses. For many products at once, because an import brings many.
create or replace function products.put_details(p_kind text, p_documents jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    if p_kind = 'annuity_terms' then
        delete from products.annuity_terms a
         using jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where a.tenant_id = v_tenant and a.product_id = d.product_id
           and jsonb_typeof(d.terms) is distinct from 'object';
        insert into products.annuity_terms as a (tenant_id, product_id, terms)
        select v_tenant, d.product_id, d.terms
          from jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where jsonb_typeof(d.terms) = 'object'
        on conflict (tenant_id, product_id) do update set terms = excluded.terms where a.terms <> excluded.terms;
    else
        delete from products.cd_terms c
         using jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where c.tenant_id = v_tenant and c.product_id = d.product_id
           and jsonb_typeof(d.terms) is distinct from 'object';
        insert into products.cd_terms as c (tenant_id, product_id, terms)
        select v_tenant, d.product_id, d.terms
          from jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where jsonb_typeof(d.terms) = 'object'
        on conflict (tenant_id, product_id) do update set terms = excluded.terms where c.terms <> excluded.terms;
    end if;
end
$$;
