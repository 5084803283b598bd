-- The second firm sells one product of its own, and one of the first firm's under another rate.
set local role wealth_owner;

select platform.begin_request('019a0000-0000-7000-8000-000000000002', 'https://local.wealth.invalid', 'demo-other',
    '{ProductAdministrator}', true, now(), gen_random_uuid(), null, '127.0.0.1', 'wealth', 'demo');

select products.create_product(
           x.cusip, x.product_name, 'CD', x.description, 1000.00, 250000.00, x.rate, 0.0000, false, null, null, 'Riley Moss',
           jsonb_build_object('product_subtype', 'BankCD', 'issuer', x.issuer, 'effective_date', platform.business_date(),
               'cd_terms', '{"term_months":12,"callable":false,"first_call_date":null,"call_protection_months":null,"compounding":"monthly","day_count":"ACT/365F","early_withdrawal_penalty":{"days_of_interest":90},"step_ups":[],"fdic_insured":true}'::jsonb,
               'availability', jsonb_build_array(jsonb_build_object(
                   'start_date', platform.business_date(), 'end_date', platform.business_date() + 1825))))
  from (values ('990606AA3', 'Harbor Point House CD', 'Sold by Harbor Point only.', 'Lakeshore Bank', 4.5000),
               ('990303AA7', 'Tidewater Bank 12-Month CD', 'The same CUSIP, another firm, another rate.', 'Tidewater Bank', 4.1500)
       ) as x(cusip, product_name, description, issuer, rate)
 where not exists (select from products.products p
                    where p.tenant_id = platform.current_tenant_id() and p.cusip = x.cusip);
