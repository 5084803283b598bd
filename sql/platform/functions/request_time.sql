-- The instant the request came in, by the caller's clock. Expiry uses it; what was recorded when uses the server's.
create or replace function platform.request_time()
returns timestamptz
language sql stable parallel safe
as $$ select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now()) $$;
