-- What guessing is counted by: the caller's IPv4 address, or its IPv6 network of 64 bits, which is what one customer has.
create or replace function users.caller_network(p_caller jsonb)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select case when family((p_caller ->> 'ip')::inet) = 6
                then network(set_masklen((p_caller ->> 'ip')::inet, 64))::text
                else coalesce(p_caller ->> 'ip', 'unknown') end
$$;
