drop trigger if exists product_comparisons_append_only on products.product_comparisons;
create trigger product_comparisons_append_only before update or delete on products.product_comparisons
    for each row execute function audit.append_only();
alter table products.product_comparisons enable always trigger product_comparisons_append_only;
drop trigger if exists product_comparisons_no_truncate on products.product_comparisons;
create trigger product_comparisons_no_truncate before truncate on products.product_comparisons
    for each statement execute function audit.append_only();
alter table products.product_comparisons enable always trigger product_comparisons_no_truncate;
