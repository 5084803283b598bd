-- Today in the tenant's time zone, as the request saw it. Without a request: the server's date.
create or replace function platform.business_date()
returns date
language sql stable parallel safe
as $$ select coalesce(nullif(current_setting('app.business_date', true), '')::date, current_date) $$;
