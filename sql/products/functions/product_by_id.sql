-- A row of product_details, for the read that is made most. The view stands on five tables whose row policies look into
-- products: an unnamed statement over it is planned anew for each request, which takes four times as long as all the
-- rest. Inside a plpgsql function the plan is kept with the session, and a pooler sees an unnamed statement all the same.
create or replace function products.product_by_id(p_product_id uuid)
returns table (
    tenant_id uuid, product_id uuid, cusip varchar, isin varchar, product_name varchar, product_type varchar,
    product_subtype varchar, issuer varchar, description text, currency bpchar, minimum_investment numeric,
    maximum_investment numeric, base_rate numeric, bonus_rate numeric, rate_effective_date date, rate_end_date date,
    rate_source text, rate_history_id uuid, return_of_premium boolean, return_of_premium_percentage numeric,
    terms_and_conditions text, terms_version integer, states text[], is_active boolean, deactivated_at timestamptz,
    annuity_terms jsonb, cd_terms jsonb, availability jsonb, created_at timestamptz, created_by varchar,
    created_by_user_id uuid, updated_at timestamptz, updated_by varchar, updated_by_user_id uuid, version bigint,
    rate_is_due boolean)
language plpgsql stable rows 1
as $$
#variable_conflict use_column
begin
    return query
        select d.* from products.product_details d
         where d.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and d.product_id = p_product_id;
end
$$;
