-- The client's address of this request, or NULL when there is none or it is not an address.
create or replace function audit.session_ip()
returns inet
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return nullif(current_setting('app.client_ip', true), '')::inet;
exception when invalid_text_representation then
    return null;
end
$$;
