-- users.retire_signing_keys: $1 ids of the keys in the secret text[], $2 now timestamptz
select users.retire_signing_keys($1, $2) as retired
