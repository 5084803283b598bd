-- Takes an override for change, the product before it: the order in which every writer of rates locks. Unknown: WA404;
-- another version than expected: WA412.
create or replace function rates.take_override(p_override_id uuid, p_expected_version bigint)
returns rates.rate_overrides
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found rates.rate_overrides;
begin
    perform products.lock_product(o.product_id, null) from rates.rate_overrides o
      where o.tenant_id = platform.require_tenant() and o.override_id = p_override_id;
    select * into v_found from rates.rate_overrides o
     where o.tenant_id = platform.require_tenant() and o.override_id = p_override_id
       for update;
    if not found then
        perform platform.fail('WA404', 'not_found', 'There is no such override');
    elsif p_expected_version is not null and v_found.version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The override was changed meanwhile', null,
            jsonb_build_object('version', v_found.version));
    end if;
    return v_found;
end
$$;
