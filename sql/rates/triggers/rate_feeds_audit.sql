drop trigger if exists rate_feeds_audit on rates.rate_feeds;
create trigger rate_feeds_audit after insert or update or delete on rates.rate_feeds
    for each row execute function audit.row_change('source');
alter table rates.rate_feeds enable always trigger rate_feeds_audit;
