drop trigger if exists terms_versions_append_only on products.terms_versions;
create trigger terms_versions_append_only before update or delete on products.terms_versions
    for each row execute function audit.append_only();
alter table products.terms_versions enable always trigger terms_versions_append_only;
drop trigger if exists terms_versions_no_truncate on products.terms_versions;
create trigger terms_versions_no_truncate before truncate on products.terms_versions
    for each statement execute function audit.append_only();
alter table products.terms_versions enable always trigger terms_versions_no_truncate;
