-- Stores the annuity or CD documents of products ([{product_id, terms}]) with their checkable facts as columns; terms
-- null removes the document. For many products at once, because an import brings many.
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
        insert into products.annuity_terms (
            tenant_id, product_id, guarantee_years, surrender_years, crediting_method, minimum_issue_age,
            maximum_issue_age, free_withdrawal_percentage, guaranteed_minimum_rate, market_value_adjustment, terms)
        select v_tenant, d.product_id, t.guarantee_years, t.surrender_years, t.crediting_method, t.minimum_issue_age,
               t.maximum_issue_age, t.free_withdrawal_percentage, t.guaranteed_minimum_rate, t.market_value_adjustment,
               d.terms
          from jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         cross join lateral jsonb_populate_record(null::products.annuity_terms,
                                                  d.terms - '{tenant_id,product_id,terms}'::text[]) t
         where jsonb_typeof(d.terms) = 'object'
        on conflict (tenant_id, product_id) do nothing;
    else
        delete from products.cd_terms c
         using jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         where c.tenant_id = v_tenant and c.product_id = d.product_id and c.terms is distinct from d.terms;
        insert into products.cd_terms (
            tenant_id, product_id, term_months, compounding, day_count, is_callable, first_call_date, maturity_date,
            early_withdrawal_penalty_days, terms)
        select v_tenant, d.product_id, t.term_months, t.compounding, t.day_count, t.is_callable, t.first_call_date,
               t.maturity_date, t.early_withdrawal_penalty_days, d.terms
          from jsonb_to_recordset(p_documents) as d(product_id uuid, terms jsonb)
         cross join lateral jsonb_populate_record(null::products.cd_terms,
                                                  d.terms - '{tenant_id,product_id,terms}'::text[]) t
         where jsonb_typeof(d.terms) = 'object'
        on conflict (tenant_id, product_id) do nothing;
    end if;
end
$$;
