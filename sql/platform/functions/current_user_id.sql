-- The person behind this transaction, or NULL for a job or a database administrator.
create or replace function platform.current_user_id()
returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('app.current_user_id', true), '')::uuid $$;
