-- What a secret looks like: NNN-NN-NNNN, $argon2id$… and $2b$…, signed tokens, our own tokens and keys, private keys. It
-- matches no quote and no backslash, so that JSON without what it matches is JSON.
create or replace function audit.secret_pattern()
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select '\m\d{3}-\d{2}-\d{4}\M|\$(?:argon2(?:id|i|d)|2[abxy])\$[^"\\\s]{8,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|'
           '\mw(?:rt|k)_[\w.-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[^"\\]*'
$$;
