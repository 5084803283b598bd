-- Who acts, as one row: the person who really does, in whosever place; from the request's settings, or else the database login of whoever typed the statement.
create or replace function audit.context()
returns table (
    tenant_id uuid, actor_id uuid, actor_type text, actor_label text, ip_address inet, user_agent text,
    session_id uuid, request_id uuid, transaction_name text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select nullif(current_setting('app.current_tenant_id', true), '')::uuid,
           coalesce(nullif(current_setting('app.impersonator_id', true), ''),
                    nullif(current_setting('app.current_user_id', true), ''))::uuid,
           case when nullif(current_setting('app.current_user_id', true), '') is not null then 'user'
                when nullif(current_setting('app.current_user_label', true), '') is not null then 'system'
                else 'database' end,
           coalesce(nullif(current_setting('app.current_user_label', true), ''), session_user::text),
           audit.session_ip(),
           nullif(current_setting('app.user_agent', true), ''),
           nullif(current_setting('app.session_id', true), '')::uuid,
           nullif(current_setting('app.request_id', true), '')::uuid,
           nullif(current_setting('app.transaction_name', true), '')
$$;
