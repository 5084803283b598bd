set local role wealth_owner;

-- Rows of an import whose rate waits for a second person.
alter table products.imports
    add column rows_quarantined bigint not null default 0,
    add constraint imports_rows_quarantined_check check (rows_quarantined >= 0);

-- Its successor takes the counts as one document.
drop function if exists products.record_import_progress(
    uuid, bigint, bigint, bigint, bigint, bigint, bigint, jsonb);
