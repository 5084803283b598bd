-- Stores the annuity or CD documents of products ([{product_id, terms}]); terms null removes the document. For many
-- products at once, because an import brings many.
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
         where a.tenant_id = v_tenant and a.product_id = d.product_id and a.terms is distinct from d.terms;
        insert into products.annuity_terms (tenant_id, product_id, terms)
        select v_tenant, d.product_id, d.terms
          from jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where jsonb_typeof(d.terms) = 'object'
        on conflict (tenant_id, product_id) do nothing;
    else
        delete from products.cd_terms c
         using jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where c.tenant_id = v_tenant and c.product_id = d.product_id and c.terms is distinct from d.terms;
        insert into products.cd_terms (tenant_id, product_id, terms)
        select v_tenant, d.product_id, d.terms
          from jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where jsonb_typeof(d.terms) = 'object'
        on conflict (tenant_id, product_id) do nothing;
    end if;
end
$$;
