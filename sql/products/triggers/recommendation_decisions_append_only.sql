drop trigger if exists recommendation_decisions_append_only on products.recommendation_decisions;
create trigger recommendation_decisions_append_only before update or delete on products.recommendation_decisions
    for each row execute function audit.append_only();
alter table products.recommendation_decisions enable always trigger recommendation_decisions_append_only;
drop trigger if exists recommendation_decisions_no_truncate on products.recommendation_decisions;
create trigger recommendation_decisions_no_truncate before truncate on products.recommendation_decisions
    for each statement execute function audit.append_only();
alter table products.recommendation_decisions enable always trigger recommendation_decisions_no_truncate;
