-- A product as product_versions keeps it: all facts but the rates, with the details of the type and the active windows.
-- One expression, so that PostgreSQL inlines it where many products are recorded at once.
create or replace function products.snapshot_of(
    p products.products, p_annuity_terms jsonb, p_cd_terms jsonb, p_availability jsonb)
returns jsonb
language sql stable
as $$
    select jsonb_build_object(
        'product_id', p.product_id, 'cusip', p.cusip, 'isin', p.isin, 'product_name', p.product_name,
        'product_type', p.product_type, 'product_subtype', p.product_subtype, 'issuer', p.issuer,
        'description', p.description, 'currency', p.currency, 'minimum_investment', p.minimum_investment::text,
        'maximum_investment', p.maximum_investment::text, 'return_of_premium', p.return_of_premium,
        'return_of_premium_percentage', p.return_of_premium_percentage::text, 'terms_version', p.terms_version,
        'states', p.states, 'is_active', p.is_active, 'changed_by', coalesce(p.updated_by, p.created_by),
        'changed_by_user_id', case when p.updated_by is null then p.created_by_user_id else p.updated_by_user_id end,
        'annuity_terms', p_annuity_terms, 'cd_terms', p_cd_terms, 'availability', p_availability)
$$;
