-- users.signing_key_known: $1 key_id text
select users.signing_key_known($1) as known
