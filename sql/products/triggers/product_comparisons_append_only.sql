-- All but the session, which is set to null when that is forgotten (S0-86).
drop trigger if exists product_comparisons_append_only on products.product_comparisons;
create trigger product_comparisons_append_only before delete or update of tenant_id, comparison_id, user_id, product_ids,
    investment_amount, currency, horizon_months, as_of, known_at, comparison_date, request, result, result_sha256,
    engine_version on products.product_comparisons
    for each row execute function audit.append_only();
alter table products.product_comparisons enable always trigger product_comparisons_append_only;
drop trigger if exists product_comparisons_no_truncate on products.product_comparisons;
create trigger product_comparisons_no_truncate before truncate on products.product_comparisons
    for each statement execute function audit.append_only();
alter table products.product_comparisons enable always trigger product_comparisons_no_truncate;
