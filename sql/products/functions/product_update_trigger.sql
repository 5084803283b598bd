-- S0-99, as documented: a changed product carries the time of the change, and the next version.
create or replace function products.product_update_trigger()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.updated_at := current_timestamp;
    new.version := old.version + 1;
    return new;
end
$$;
