-- The shelf of Meridian Advisory: products of invented issuers, under CUSIPs of the range that is kept for private use
-- (issuer numbers 990 and above), each with a year of rates. Loading it again changes nothing.
set local role wealth_owner;

select platform.begin_request('019a0000-0000-7000-8000-000000000001', 'https://local.wealth.invalid', 'demo-admin',
    '{SystemAdministrator,ProductAdministrator}', true, now(), gen_random_uuid(), null, '127.0.0.1', 'wealth', 'demo');

do $$
declare
    v_by constant text := 'Avery Stone';
    v_opened constant date := platform.business_date() - 360;
    v_product uuid;
    p record;
    r record;
begin
    for p in
        select * from (values
        ('990101AA5', 'Cedar Rock Secure Growth 5', 'Annuity', 'MYGA', 'Cedar Rock Life', 10000.00, 1000000.00, false, null::numeric,
         'Five-year guaranteed rate. Premium is credited daily; ten percent may be withdrawn each year without charge.',
         '{4.6000,4.8000,5.0500,5.1500}'::numeric[], 0.0000, null::text[],
         '{"surrender_schedule":[{"contract_year":1,"charge":"8.0000"},{"contract_year":2,"charge":"7.0000"},{"contract_year":3,"charge":"6.0000"},{"contract_year":4,"charge":"5.0000"},{"contract_year":5,"charge":"4.0000"}],"crediting":null,"minimum_issue_age":0,"maximum_issue_age":90,"free_withdrawal_percentage":"10.0000","market_value_adjustment":true,"guarantee_years":5,"premium":"single"}'),
        ('990101AB3', 'Cedar Rock Secure Growth 3', 'Annuity', 'MYGA', 'Cedar Rock Life', 10000.00, 1000000.00, false, null,
         'Three-year guaranteed rate.', '{4.2500,4.4000,4.6500,4.7500}', 0.0000, null,
         '{"surrender_schedule":[{"contract_year":1,"charge":"8.0000"},{"contract_year":2,"charge":"7.0000"},{"contract_year":3,"charge":"6.0000"}],"crediting":null,"minimum_issue_age":0,"maximum_issue_age":90,"free_withdrawal_percentage":"10.0000","market_value_adjustment":true,"guarantee_years":3,"premium":"single"}'),
        ('990101AC1', 'Cedar Rock Bonus Builder 7', 'Annuity', 'MYGA', 'Cedar Rock Life', 25000.00, 2000000.00, false, null,
         'Seven-year guaranteed rate with a premium bonus at issue.', '{4.1000,4.3000,4.5000,4.5000}', 2.0000, null,
         '{"surrender_schedule":[{"contract_year":1,"charge":"9.0000"},{"contract_year":2,"charge":"8.0000"},{"contract_year":3,"charge":"7.0000"},{"contract_year":4,"charge":"6.0000"},{"contract_year":5,"charge":"5.0000"},{"contract_year":6,"charge":"4.0000"},{"contract_year":7,"charge":"3.0000"}],"crediting":null,"minimum_issue_age":18,"maximum_issue_age":85,"free_withdrawal_percentage":"10.0000","market_value_adjustment":true,"guarantee_years":7,"premium":"single"}'),
        ('990202AA1', 'Larkspur Index Advantage 10', 'Annuity', 'FIA', 'Larkspur Mutual', 20000.00, 1500000.00, false, null,
         'Follows an equity index from anniversary to anniversary, with a cap and without loss.',
         '{3.0000,3.0000,3.2500,3.2500}', 5.0000, null,
         '{"surrender_schedule":[{"contract_year":1,"charge":"10.0000"},{"contract_year":2,"charge":"9.0000"},{"contract_year":3,"charge":"8.0000"},{"contract_year":4,"charge":"7.0000"},{"contract_year":5,"charge":"6.0000"},{"contract_year":6,"charge":"5.0000"},{"contract_year":7,"charge":"4.0000"},{"contract_year":8,"charge":"3.0000"},{"contract_year":9,"charge":"2.0000"},{"contract_year":10,"charge":"1.0000"}],"crediting":{"method":"point_to_point","cap":"8.2500","participation_rate":"100.0000","spread":null,"floor":"0.0000","buffer":null},"minimum_issue_age":18,"maximum_issue_age":80,"free_withdrawal_percentage":"10.0000","market_value_adjustment":false,"guarantee_years":1,"premium":"flexible"}'),
        ('990202AB9', 'Larkspur Return of Premium 6', 'Annuity', 'MYGA', 'Larkspur Mutual', 15000.00, 750000.00, true, 100.00,
         'Six-year guaranteed rate; never less than the premium is paid back.', '{3.9000,4.0500,4.2000,4.3000}', 0.0000, null,
         '{"surrender_schedule":[{"contract_year":1,"charge":"7.0000"},{"contract_year":2,"charge":"6.0000"},{"contract_year":3,"charge":"5.0000"}],"crediting":null,"minimum_issue_age":0,"maximum_issue_age":85,"free_withdrawal_percentage":"5.0000","market_value_adjustment":false,"guarantee_years":6,"premium":"single"}'),
        ('990202AC7', 'Larkspur Income Now', 'Annuity', 'SPIA', 'Larkspur Mutual', 50000.00, null, false, null,
         'Income for life that starts within a year of the premium.', '{3.7500,3.7500,3.8500,3.9000}', 0.0000, '{NY,NJ,CT}',
         '{"surrender_schedule":[],"crediting":null,"minimum_issue_age":50,"maximum_issue_age":90,"free_withdrawal_percentage":null,"market_value_adjustment":false,"guarantee_years":null,"premium":"single"}'),
        ('990303AA7', 'Tidewater Bank 12-Month CD', 'CD', 'BankCD', 'Tidewater Bank', 500.00, 250000.00, false, null,
         'Twelve months, interest added monthly.', '{4.7500,4.6000,4.4500,4.3500}', 0.0000, null,
         '{"term_months":12,"callable":false,"first_call_date":null,"call_protection_months":null,"compounding":"monthly","day_count":"ACT/365F","early_withdrawal_penalty":{"days_of_interest":90},"step_ups":[],"fdic_insured":true}'),
        ('990303AB5', 'Tidewater Bank 36-Month CD', 'CD', 'BankCD', 'Tidewater Bank', 500.00, 250000.00, false, null,
         'Thirty-six months, interest added daily.', '{4.2000,4.2000,4.1000,4.0500}', 0.0000, null,
         '{"term_months":36,"callable":false,"first_call_date":null,"call_protection_months":null,"compounding":"daily","day_count":"ACT/365F","early_withdrawal_penalty":{"days_of_interest":180},"step_ups":[],"fdic_insured":true}'),
        ('990404AA3', 'Prairie State Brokered CD 2031', 'CD', 'BrokeredCD', 'Prairie State Bank', 1000.00, null, false, null,
         'Sixty months, callable after the first year, interest paid twice a year.', '{4.9000,4.8500,4.8000,4.7000}', 0.0000, null,
         '{"term_months":60,"callable":true,"first_call_date":null,"call_protection_months":12,"compounding":"semiannual","day_count":"30/360","early_withdrawal_penalty":null,"step_ups":[],"fdic_insured":true}'),
        ('990404AB1', 'Prairie State Step-Up CD', 'CD', 'StepUpCD', 'Prairie State Bank', 1000.00, 250000.00, false, null,
         'Thirty-six months; the rate rises every year.', '{3.8000,3.8000,3.9000,3.9000}', 0.0000, null,
         '{"term_months":36,"callable":false,"first_call_date":null,"call_protection_months":null,"compounding":"annual","day_count":"ACT/ACT ISDA","early_withdrawal_penalty":{"percentage_of_principal":"1.0000"},"step_ups":[{"after_months":12,"rate":"4.1500"},{"after_months":24,"rate":"4.4000"}],"fdic_insured":true}'),
        ('990505AA7', 'Granite Peak Reserve Savings', 'Other', 'Savings', 'Granite Peak Trust', 0.00, 5000000.00, false, null,
         'Daily access, rate set every month.', '{3.9500,3.9000,3.8000,3.7500}', 0.0000, null, null),
        ('990101AD9', 'Cedar Rock Heritage 4 (closed)', 'Annuity', 'MYGA', 'Cedar Rock Life', 10000.00, 500000.00, false, null,
         'No longer sold; seen by administrators only.', '{3.2000}', 0.0000, null,
         '{"surrender_schedule":[{"contract_year":1,"charge":"6.0000"},{"contract_year":2,"charge":"5.0000"}],"crediting":null,"minimum_issue_age":0,"maximum_issue_age":85,"free_withdrawal_percentage":"10.0000","market_value_adjustment":false,"guarantee_years":4,"premium":"single"}')
        ) as x(cusip, product_name, product_type, product_subtype, issuer, minimum, maximum, premium_returned,
               premium_share, description, rates, bonus, states, terms)
         where not exists (select from products.products q
                            where q.tenant_id = platform.current_tenant_id() and q.cusip = x.cusip)
    loop
        v_product := products.create_product(
            p.cusip, p.product_name, p.product_type, p.description, p.minimum, p.maximum, p.rates[1], p.bonus,
            p.premium_returned, p.premium_share, 'The contract of ' || p.issuer || ' governs.', v_by,
            jsonb_strip_nulls(jsonb_build_object(
                'product_subtype', p.product_subtype, 'issuer', p.issuer, 'states', to_jsonb(p.states),
                'effective_date', v_opened,
                'availability', jsonb_build_array(jsonb_build_object(
                    'start_date', v_opened, 'end_date', v_opened + 1825))))
            || case when p.terms is null then '{}'
                    else jsonb_build_object(lower(p.product_type) || '_terms', p.terms::jsonb) end);
        for r in select rate, v_opened + 90 * (n - 1)::int as starts
                   from unnest(p.rates) with ordinality as u(rate, n) where n > 1 order by n loop
            perform rates.update_product_rates(v_product, r.rate, p.bonus, v_by,
                jsonb_build_object('effective_date', r.starts, 'reason', 'Demo: last year''s rates'));
        end loop;
        if p.product_name like '%(closed)' then
            perform products.deactivate_product(v_product, v_by);
        end if;
    end loop;
end
$$;
