-- S0-93, as documented, and what the documents left out: the first row of the rate history (C0-07), the first terms,
-- and in p_options what has no documented parameter: product_id, product_subtype, isin, issuer, currency, states,
-- annuity_terms, cd_terms, availability ([{availability_id, start_date, end_date}]), effective_date, source,
-- rate_history_id.
create or replace function products.create_product(
    p_cusip varchar, p_product_name varchar, p_product_type varchar, p_description text, p_minimum_investment numeric,
    p_maximum_investment numeric, p_base_rate numeric, p_bonus_rate numeric, p_return_of_premium boolean,
    p_return_of_premium_percentage numeric, p_terms_and_conditions text, p_created_by varchar,
    p_options jsonb default '{}')
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_product uuid;
    v_effective date := coalesce((p_options ->> 'effective_date')::date, platform.business_date());
    o record;
begin
    perform products.require_scale(p_minimum_investment, 2, '/minimum_investment'),
            products.require_scale(p_maximum_investment, 2, '/maximum_investment'),
            products.require_scale(p_base_rate, 4, '/base_rate'),
            products.require_scale(p_bonus_rate, 4, '/bonus_rate'),
            products.require_scale(p_return_of_premium_percentage, 2, '/return_of_premium_percentage');

    select * into o from jsonb_to_record(coalesce(p_options, '{}')) as x(
        product_id uuid, product_subtype text, isin text, issuer text, currency text, states text[], source text,
        rate_history_id uuid, annuity_terms jsonb, cd_terms jsonb, availability jsonb);

    insert into products.products (
        tenant_id, product_id, cusip, isin, product_name, product_type, product_subtype, issuer, description, currency,
        minimum_investment, maximum_investment, base_rate, bonus_rate, rate_effective_date, return_of_premium,
        return_of_premium_percentage, terms_and_conditions, terms_version, states, created_by, created_by_user_id)
    values (
        v_tenant, coalesce(o.product_id, gen_random_uuid()), p_cusip, o.isin, p_product_name, p_product_type,
        o.product_subtype, o.issuer, p_description, coalesce(o.currency, 'USD'), coalesce(p_minimum_investment, 0),
        p_maximum_investment, p_base_rate, coalesce(p_bonus_rate, 0), v_effective, coalesce(p_return_of_premium, false),
        p_return_of_premium_percentage, p_terms_and_conditions, (p_terms_and_conditions is not null)::int, o.states,
        p_created_by, v_user)
    returning product_id into v_product;

    insert into rates.rate_history (
        tenant_id, rate_history_id, product_id, base_rate, bonus_rate, effective_date, source, created_by,
        created_by_user_id)
    values (v_tenant, coalesce(o.rate_history_id, gen_random_uuid()), v_product, p_base_rate, coalesce(p_bonus_rate, 0),
            v_effective, coalesce(o.source, 'manual'), p_created_by, v_user);

    if p_terms_and_conditions is not null then
        insert into products.terms_versions (
            tenant_id, product_id, terms_version, text, sha256, effective_at, created_by, created_by_user_id)
        values (v_tenant, v_product, 1, p_terms_and_conditions, sha256(convert_to(p_terms_and_conditions, 'UTF8')),
                current_timestamp, p_created_by, v_user);
    end if;
    if jsonb_typeof(o.annuity_terms) = 'object' then
        perform products.put_details('annuity_terms',
            jsonb_build_array(jsonb_build_object('product_id', v_product, 'terms', o.annuity_terms)));
    end if;
    if jsonb_typeof(o.cd_terms) = 'object' then
        perform products.put_details('cd_terms',
            jsonb_build_array(jsonb_build_object('product_id', v_product, 'terms', o.cd_terms)));
    end if;
    if jsonb_typeof(o.availability) = 'array' then
        insert into products.product_availability (
            tenant_id, availability_id, product_id, start_date, end_date, created_by, created_by_user_id)
        select v_tenant, coalesce(w.availability_id, gen_random_uuid()), v_product, w.start_date, w.end_date,
               p_created_by, v_user
          from jsonb_to_recordset(o.availability) as w(availability_id uuid, start_date date, end_date date);
    end if;

    perform products.snapshot(array[v_product]);
    perform audit.log_user_action(null, 'CREATE_PRODUCT', 'products', v_product, null,
        jsonb_build_object('cusip', p_cusip, 'product_name', p_product_name, 'product_type', p_product_type),
        null, null, null);
    return v_product;
end
$$;
