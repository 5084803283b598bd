-- A credential as browsers name it: base64url without padding (RFC 4648 5).
create or replace function users.credential_name(p_bytes bytea)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select rtrim(translate(encode(p_bytes, 'base64'), E'+/\n', '-_'), '=') $$;
