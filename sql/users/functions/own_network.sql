-- What guessing is counted by, for a caller with a session.
create or replace function users.own_network()
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$ select users.caller_network(jsonb_build_object('ip', host(audit.session_ip()))) $$;
