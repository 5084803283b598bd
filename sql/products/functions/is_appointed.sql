-- Whether the person of this request may sell a product for its issuer on a day: only annuities need an appointment, in
-- the state (NULL: in any) and for the line of authority (variable contracts have their own; NAIC Model #218 §7). One
-- expression, so that PostgreSQL inlines it.
create or replace function products.is_appointed(
    p_product_type text, p_product_subtype text, p_issuer text, p_state text, p_on date)
returns boolean
language sql stable security invoker
as $$
    select p_product_type <> 'Annuity' or exists (
        select from products.producer_appointments a
         where a.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and a.user_id = (select platform.current_user_id())
           and a.issuer_key = products.issuer_key(p_issuer)
           and a.is_active and a.start_date <= p_on and coalesce(a.end_date, 'infinity') >= p_on
           and (p_state is null or a.state = p_state)
           and a.line_of_authority = case when p_product_subtype in ('VA', 'RILA')
               then 'variable_life_and_variable_annuity' else 'life' end)
$$;
