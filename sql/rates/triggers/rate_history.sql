drop trigger if exists rate_history_guard on rates.rate_history;
create trigger rate_history_guard before update or delete on rates.rate_history
    for each row execute function rates.rate_history_guard();
alter table rates.rate_history enable always trigger rate_history_guard;
drop trigger if exists rate_history_no_truncate on rates.rate_history;
create trigger rate_history_no_truncate before truncate on rates.rate_history
    for each statement execute function audit.append_only();
alter table rates.rate_history enable always trigger rate_history_no_truncate;
drop trigger if exists rate_history_no_gap on rates.rate_history;
create constraint trigger rate_history_no_gap after insert or update on rates.rate_history
    deferrable initially deferred for each row execute function rates.rate_history_no_gap();
