drop trigger if exists product_versions_append_only on products.product_versions;
create trigger product_versions_append_only before update or delete on products.product_versions
    for each row execute function audit.append_only();
alter table products.product_versions enable always trigger product_versions_append_only;
drop trigger if exists product_versions_no_truncate on products.product_versions;
create trigger product_versions_no_truncate before truncate on products.product_versions
    for each statement execute function audit.append_only();
alter table products.product_versions enable always trigger product_versions_no_truncate;
