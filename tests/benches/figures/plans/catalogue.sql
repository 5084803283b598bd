-- Firms :first to :last with a thousand products each, laid down as life would: product by product across firms, so
-- that a firm's rows lie apart. The checks of CUSIP and ISIN rest for good: they cost more than all the rest.
alter table products.products drop constraint if exists products_cusip_check;
alter table products.products drop constraint if exists products_isin_check;

create temporary table numbers on commit drop as
    select i, ('00000000-0000-7000-8001-' || lpad(to_hex(i), 12, '0'))::uuid as tenant_id, lpad(i::text, 8, '0')
           || (select (10 - sum((v * (2 - n % 2)) / 10 + (v * (2 - n % 2)) % 10) % 10) % 10
                 from (select n, substr(lpad(i::text, 8, '0'), n, 1)::int as v from generate_series(1, 8) n) d) as cusip
      from generate_series(1, 1000) i;

insert into tenants.tenants (tenant_id, name)
select tenant_id, 'Firm ' || i from numbers where i between :first and :last;

create temporary table made on commit drop as
select t.tenant_id, n.i, n.cusip, gen_random_uuid() as product_id, ((n.i * 37) % 700)::numeric / 100 as rate
  from numbers n, numbers t where t.i between :first and :last
 order by n.i, t.i;

insert into products.products (
    tenant_id, product_id, cusip, product_name, product_type, product_subtype, issuer, description, minimum_investment,
    maximum_investment, base_rate, rate_effective_date, is_active, created_by)
select tenant_id, product_id, cusip,
       case when i % 100 = 7 then 'Granite Guarantee ' else 'Harbor Secure ' end || i,
       (array['Annuity', 'CD', 'Other'])[1 + i % 3], (array['MYGA', 'BankCD', null])[1 + i % 3], 'Issuer ' || i % 20,
       'A product of the catalogue, one of many like it.', (i % 5) * 1000, case when i % 2 = 0 then 1000000 end, rate,
       '2026-01-01', i % 10 <> 0, 'bench'
  from made;
insert into products.product_availability (tenant_id, product_id, start_date, end_date, created_by)
select tenant_id, product_id, '2026-01-01', case when i % 4 = 0 then date '2026-06-30' else '2099-12-31' end, 'bench'
  from made;
insert into products.product_versions (tenant_id, product_id, version, snapshot)
select tenant_id, product_id, 1, '{"product_name": "as it was"}' from made;
insert into products.terms_versions (tenant_id, product_id, terms_version, text, sha256, effective_at, created_by)
select tenant_id, product_id, 1, 'Terms.', sha256('Terms.'), now(), 'bench' from made where i <= 100;
insert into rates.rate_history (tenant_id, product_id, base_rate, effective_date, created_by)
select tenant_id, product_id, rate, '2026-01-01', 'bench' from made;
-- What was believed before, thirty times over, for a few.
insert into rates.rate_history (tenant_id, product_id, base_rate, effective_date, recorded_at, superseded_at, created_by)
select tenant_id, product_id, rate, '2026-01-01', timestamptz '2026-01-01' + n * interval '1 hour',
       timestamptz '2026-01-01' + (n + 1) * interval '1 hour', 'bench'
  from made, generate_series(1, 30) n where i <= 5;
insert into rates.rate_changes (
    tenant_id, change_id, product_id, base_rate, bonus_rate, effective_date, origin, source, status, proposed_by)
select tenant_id, ('01900000-0000-7' || substr(gen_random_uuid()::text, 16))::uuid, product_id, rate, 0, '2026-01-01',
       'manual', 'manual', (array['applied', 'pending', 'rejected'])[1 + i % 3], 'bench'
  from made where i <= 200;
insert into products.product_comparisons (
    tenant_id, user_id, product_ids, investment_amount, horizon_months, as_of, known_at, comparison_date, request,
    engine_version, result, result_sha256)
select tenant_id, '00000000-0000-7000-9000-00000000be00', array[product_id, gen_random_uuid()], 10000, 60,
       '2026-11-21', now(), timestamptz '2026-11-01' + i * interval '1 hour', '{}', 1, '{}', sha256('{}')
  from made where i <= 200;
