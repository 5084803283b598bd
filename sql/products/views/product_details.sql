-- A product as the API shows it: its facts, the document of its type, its active windows, and the rate in force today
-- from the history itself, which is right also when the mirror in products has not been turned over yet.
create or replace view products.product_details with (security_invoker = true) as
select p.tenant_id, p.product_id, p.cusip, p.isin, p.product_name, p.product_type, p.product_subtype, p.issuer,
       p.description, p.currency, p.minimum_investment, p.maximum_investment,
       coalesce(r.base_rate, p.base_rate) as base_rate, coalesce(r.bonus_rate, p.bonus_rate) as bonus_rate,
       coalesce(r.effective_date, p.rate_effective_date) as rate_effective_date, r.end_date as rate_end_date,
       r.source as rate_source, r.rate_history_id, p.return_of_premium, p.return_of_premium_percentage,
       p.terms_and_conditions, p.terms_version, p.states, p.is_active, p.deactivated_at,
       (select a.terms from products.annuity_terms a
         where a.tenant_id = p.tenant_id and a.product_id = p.product_id) as annuity_terms,
       (select c.terms from products.cd_terms c
         where c.tenant_id = p.tenant_id and c.product_id = p.product_id) as cd_terms,
       coalesce((select jsonb_agg(jsonb_build_object('availability_id', w.availability_id,
                                                     'start_date', w.start_date, 'end_date', w.end_date)
                                  order by w.start_date)
                   from products.product_availability w
                  where w.tenant_id = p.tenant_id and w.product_id = p.product_id and w.is_active),
                '[]'::jsonb) as availability,
       p.created_at, p.created_by, p.created_by_user_id, p.updated_at, p.updated_by, p.updated_by_user_id, p.version,
       -- The rate shown is newer than the mirror, so the version does not tell it apart from the one before.
       coalesce(p.next_rate_date <= platform.business_date(), false) as rate_is_due
  from products.products p
  left join lateral (
    select h.rate_history_id, h.base_rate, h.bonus_rate, h.effective_date, h.end_date, h.source
      from rates.rate_history h
     where h.tenant_id = p.tenant_id and h.product_id = p.product_id and h.superseded_at is null
       and h.effective_date <= (select platform.business_date())
     order by h.effective_date desc limit 1) r on true;
