drop trigger if exists product_comparison_items_append_only on products.product_comparison_items;
create trigger product_comparison_items_append_only before update or delete on products.product_comparison_items
    for each row execute function audit.append_only();
alter table products.product_comparison_items enable always trigger product_comparison_items_append_only;
drop trigger if exists product_comparison_items_no_truncate on products.product_comparison_items;
create trigger product_comparison_items_no_truncate before truncate on products.product_comparison_items
    for each statement execute function audit.append_only();
alter table products.product_comparison_items enable always trigger product_comparison_items_no_truncate;
