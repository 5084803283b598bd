-- The tenant of this transaction, or NULL. For use in functions; row policies spell the expression out.
create or replace function platform.current_tenant_id()
returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('app.current_tenant_id', true), '')::uuid $$;
