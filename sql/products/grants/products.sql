grant execute on function
    products.create_product(varchar, varchar, varchar, text, numeric, numeric, numeric, numeric, boolean, numeric, text,
                            varchar, jsonb),
    products.update_product(uuid, bigint, jsonb, varchar),
    products.deactivate_product(uuid, varchar, bigint),
    products.reactivate_product(uuid, varchar, bigint),
    products.publish_terms(uuid, text, timestamptz, varchar, bigint),
    products.add_availability(uuid, date, date, varchar, uuid, bigint),
    products.change_availability(uuid, uuid, date, date, varchar, bigint),
    products.remove_availability(uuid, uuid, varchar, bigint),
    products.save_comparison(jsonb),
    products.comparison_replay(uuid),
    products.recommend(jsonb, varchar),
    products.decide_recommendation(uuid, text, text, varchar),
    products.add_appointment(uuid, jsonb, varchar),
    products.change_appointment(uuid, jsonb, varchar, bigint),
    products.remove_appointment(uuid, varchar, bigint),
    products.put_sale_settings(boolean, bigint),
    products.start_import(uuid, text, text, bytea, text, boolean, jsonb, varchar),
    products.record_import_progress(uuid, bigint, bigint, jsonb, jsonb),
    products.finish_import(uuid, text),
    products.import_batch(jsonb, jsonb)
    to products_service;
-- An import of rates keeps its account in the same place.
grant execute on function
    products.start_import(uuid, text, text, bytea, text, boolean, jsonb, varchar),
    products.record_import_progress(uuid, bigint, bigint, jsonb, jsonb),
    products.finish_import(uuid, text)
    to rates_service;
grant execute on function products.get_active_products_with_rates(varchar, numeric, numeric),
    products.product_by_id(uuid), products.is_cusip(text), products.is_isin(text), products.issuer_key(text),
    products.is_appointed(text, text, text, text, date)
    to app_read_only, app_read_write, app_admin;
-- Break-glass. History, snapshots and saved comparisons are not among what an administrator may change.
grant insert, update, delete on products.products, products.product_availability, products.annuity_terms,
    products.cd_terms, products.producer_appointments, products.sale_settings to app_admin;
grant select on products.product_details, products.active_products_view to app_read_only, app_read_write, app_admin;
