drop trigger if exists rate_overrides_audit on rates.rate_overrides;
create trigger rate_overrides_audit after insert or update or delete on rates.rate_overrides
    for each row execute function audit.row_change('override_id');
alter table rates.rate_overrides enable always trigger rate_overrides_audit;
