-- A text without what has no business in a log, whatever field somebody put it into: numbers of social security,
-- hashes of passwords, tokens and keys. The last defence behind audit.field_classes.
create or replace function audit.scrub(p_text text)
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select regexp_replace(p_text, audit.secret_pattern(), '[redacted]', 'g') $$;
