drop trigger if exists products_update_trigger on products.products;
create trigger products_update_trigger before update on products.products
    for each row execute function products.product_update_trigger();
