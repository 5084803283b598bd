drop trigger if exists recommendations_append_only on products.recommendations;
create trigger recommendations_append_only before update or delete on products.recommendations
    for each row execute function audit.append_only();
alter table products.recommendations enable always trigger recommendations_append_only;
drop trigger if exists recommendations_no_truncate on products.recommendations;
create trigger recommendations_no_truncate before truncate on products.recommendations
    for each statement execute function audit.append_only();
alter table products.recommendations enable always trigger recommendations_no_truncate;
