-- Raises a problem of ours: SQLSTATE class WA, the human text as message, and the stable code in DETAIL as JSON, where
-- the HTTP layer reads it.
create or replace function platform.fail(
    p_sqlstate text, p_code text, p_message text, p_pointer text default null, p_extra jsonb default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = p_sqlstate,
        message = p_message,
        detail = (jsonb_strip_nulls(jsonb_build_object('code', p_code, 'pointer', p_pointer))
                  || coalesce(p_extra, '{}'))::text;
end
$$;
