set local role wealth_owner;

-- How what is due is found without a look at every row (S0-134). clock_before: a condition over the row r that holds for
-- each whose clock started before a day, %1$L, and that an index serves, in operators that may be asked below row level
-- security. needed_while: as long as this holds of the row r, another record cannot do without it; it is kept.
alter table audit.retention_tables
    add column clock_before text not null default 'true',
    add column needed_while text not null default 'false';

-- Their successors: one goes on behind a record, the other says whether one is needed.
drop function if exists audit.retention_facts(text, text);
drop function if exists audit.due_records(text, date, integer, text);

create index idx_rate_history_superseded_at on rates.rate_history (tenant_id, superseded_at) where superseded_at is not null;
create index idx_rate_history_end_date on rates.rate_history (tenant_id, end_date) where end_date is not null;
create index idx_rate_changes_decided_at on rates.rate_changes (tenant_id, decided_at) where decided_at is not null;
create index idx_feed_batches_received_at on rates.feed_batches (tenant_id, received_at);
-- Which saved comparisons rest on a rate.
create index idx_product_comparison_items_rate on products.product_comparison_items (tenant_id, rate_history_id)
    where rate_history_id is not null;
