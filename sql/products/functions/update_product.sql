-- Changes the given fields of a product and leaves the others; JSON null empties a field. Rates have their own function.
-- Returns the version after it; a change to what is already there changes nothing.
create or replace function products.update_product(
    p_product_id uuid, p_expected_version bigint, p_changes jsonb, p_updated_by varchar)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_allowed constant text[] := '{cusip,isin,product_name,product_type,product_subtype,issuer,description,currency,'
        'minimum_investment,maximum_investment,return_of_premium,return_of_premium_percentage,states,annuity_terms,'
        'cd_terms,terms_and_conditions}';
    v_old products.products := products.lock_product(p_product_id, p_expected_version);
    v_new products.products;
    v_version bigint;
    v_key text;
    v_terms boolean;
    v_details boolean;
begin
    select k into v_key from jsonb_object_keys(p_changes) k where not k = any (v_allowed) limit 1;
    if found then
        perform platform.fail('WA422', 'unknown_field', 'This field cannot be changed here', '/' || v_key);
    end if;
    perform products.require_scale((p_changes ->> 'minimum_investment')::numeric, 2, '/minimum_investment'),
            products.require_scale((p_changes ->> 'maximum_investment')::numeric, 2, '/maximum_investment'),
            products.require_scale((p_changes ->> 'return_of_premium_percentage')::numeric, 2,
                                   '/return_of_premium_percentage');

    v_new := jsonb_populate_record(v_old, p_changes - '{annuity_terms,cd_terms,terms_and_conditions}'::text[]);
    v_terms := p_changes ? 'terms_and_conditions'
        and v_old.terms_and_conditions is distinct from p_changes ->> 'terms_and_conditions';
    v_details := (p_changes ? 'annuity_terms' and nullif(p_changes -> 'annuity_terms', 'null') is distinct from
                    (select terms from products.annuity_terms a
                      where a.tenant_id = v_old.tenant_id and a.product_id = p_product_id))
              or (p_changes ? 'cd_terms' and nullif(p_changes -> 'cd_terms', 'null') is distinct from
                    (select terms from products.cd_terms c
                      where c.tenant_id = v_old.tenant_id and c.product_id = p_product_id));
    if v_new is not distinct from v_old and not v_terms and not v_details then
        return v_old.version;
    end if;
    if v_terms then
        v_new.terms_and_conditions := p_changes ->> 'terms_and_conditions';
        v_new.terms_version := v_old.terms_version + 1;
    end if;

    update products.products p
       set cusip = v_new.cusip, isin = v_new.isin, product_name = v_new.product_name,
           product_type = v_new.product_type, product_subtype = v_new.product_subtype, issuer = v_new.issuer,
           description = v_new.description, currency = v_new.currency, minimum_investment = v_new.minimum_investment,
           maximum_investment = v_new.maximum_investment, return_of_premium = v_new.return_of_premium,
           return_of_premium_percentage = v_new.return_of_premium_percentage, states = v_new.states,
           terms_and_conditions = v_new.terms_and_conditions, terms_version = v_new.terms_version,
           updated_by = p_updated_by, updated_by_user_id = platform.current_user_id()
     where p.tenant_id = v_old.tenant_id and p.product_id = p_product_id
    returning p.version into v_version;

    if v_terms then
        insert into products.terms_versions (
            tenant_id, product_id, terms_version, text, sha256, effective_at, created_by, created_by_user_id)
        select v_old.tenant_id, p_product_id, v_new.terms_version, t, sha256(convert_to(t, 'UTF8')), current_timestamp,
               p_updated_by, platform.current_user_id()
          from coalesce(v_new.terms_and_conditions, '') t;
    end if;
    if p_changes ? 'annuity_terms' then
        perform products.put_details('annuity_terms',
            jsonb_build_array(jsonb_build_object('product_id', p_product_id, 'terms', p_changes -> 'annuity_terms')));
    end if;
    if p_changes ? 'cd_terms' then
        perform products.put_details('cd_terms',
            jsonb_build_array(jsonb_build_object('product_id', p_product_id, 'terms', p_changes -> 'cd_terms')));
    end if;

    perform products.snapshot(array[p_product_id]);
    perform audit.log_user_action(null, 'UPDATE_PRODUCT', 'products', p_product_id, null,
        p_changes - '{terms_and_conditions}'::text[], null, null, null);
    return v_version;
end
$$;
