-- Makes audit.redactions out of audit.field_classes, and refuses a database in which a column of an audited table has no
-- class: what nobody has thought about does not enter the log.
create or replace function audit.classify_fields()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text;
begin
    select string_agg(format('%s.%s', a.attrelid::regclass, a.attname), ', ') into v_missing
      from pg_attribute a
     where a.attnum > 0 and not a.attisdropped
       and a.attrelid in (select t.tgrelid from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                           where p.pronamespace = 'audit'::regnamespace
                             and p.proname in ('row_change', 'statement_insert', 'statement_update', 'statement_delete'))
       and not exists (select from audit.field_classes f
                        where f.table_name = a.attrelid::regclass::text and f.column_name = a.attname);
    if v_missing is not null then
        raise exception 'columns without a class in audit.field_classes: %', v_missing;
    end if;
    delete from audit.redactions;
    insert into audit.redactions (table_name, dropped, masked, hashed)
    select f.table_name, coalesce(array_agg(f.column_name) filter (where f.treatment = 'drop'), '{}'),
           coalesce(array_agg(f.column_name) filter (where f.treatment = 'mask'), '{}'),
           coalesce(array_agg(f.column_name) filter (where f.treatment = 'hash'), '{}')
      from audit.field_classes f
     group by f.table_name;
end
$$;
