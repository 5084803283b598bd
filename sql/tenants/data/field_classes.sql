-- What the columns hold and how they enter the audit log (X-20). A column without a line stops the migration.
delete from audit.field_classes f where f.table_name like 'tenants.%';
insert into audit.field_classes (table_name, column_name, class, treatment)
select v.table_name, c, v.class, v.treatment
  from (values
    ('tenants.tenants', 'internal', 'keep',
     'tenant_id name public_code legal_name status time_zone currency fiscal_year_end_month
        fiscal_year_end_day settings created_at updated_at version')
       ) v (table_name, class, treatment, columns),
       regexp_split_to_table(v.columns, '\s+') c;
