set local role wealth_owner;

-- Which kind of thing an event is about is asked of each event that is archived (audit.personal_parts).
create index idx_retention_tables_kind on audit.retention_tables (split_part(table_name, '.', 2));
