-- Two firms, so that isolation can be seen in every test, and a login that is only a member.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'wealth_test') then
    create role wealth_test login;
    alter role wealth_test set timezone = 'UTC';
    alter role wealth_test set statement_timeout = '10s';
    alter role wealth_test set lock_timeout = '2s';
    alter role wealth_test set idle_in_transaction_session_timeout = '15s';
  end if;
end $$;
grant products_service, rates_service, users_service, audit_service, jobs_service to wealth_test;

select tenants.create_tenant('00000000-0000-7000-8000-00000000000a', 'Meridian Advisory', 'T001',
                             'America/New_York', 'USD');
select tenants.create_tenant('00000000-0000-7000-8000-00000000000b', 'Harbour Wealth', 'T002',
                             'Europe/Berlin', 'EUR');

select users.put_member(('00000000-0000-7000-8000-00000000000' || m.firm)::uuid,
                        ('00000000-0000-7000-9000-000000000' || m.firm || m.number)::uuid,
                        m.subject || '@' || m.firm || '.test', m.first_name, m.subject,
                        'local', 'https://local.wealth.invalid', m.subject || '-' || m.firm,
                        m.roles, 'seed')
  from (values ('a', '01', 'admin', 'Ada', array['ProductAdministrator']),
               ('a', '02', 'second-admin', 'Bea', array['ProductAdministrator']),
               ('a', '03', 'system-admin', 'Cyd', array['SystemAdministrator']),
               ('a', '04', 'sales-rep', 'Dot', array['SalesRepresentative']),
               ('a', '05', 'sales-manager', 'Eve', array['SalesManager']),
               ('a', '06', 'feed', 'Fay', array['RateFeed']),
               ('b', '01', 'admin', 'Gus', array['ProductAdministrator', 'SystemAdministrator']),
               ('b', '04', 'sales-rep', 'Hal', array['SalesRepresentative']),
               ('b', '05', 'sales-manager', 'Ira', array['SalesManager'])
       ) as m (firm, number, subject, first_name, roles);
