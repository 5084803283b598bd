-- PostgreSQL rounds a number with too many decimals in silence and drops the precision of a parameter (C0-22): say so.
create or replace function products.require_scale(p_value numeric, p_scale integer, p_pointer text)
returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if scale(trim_scale(p_value)) > p_scale then
        perform platform.fail('WA422', 'too_precise',
            format('At most %s decimals', p_scale), p_pointer);
    end if;
end
$$;
