-- users.change_password: $1 hash seen text, $2 new hash text, $3 refused text, $4 session_id uuid
select users.change_password($1, $2, $3, $4) as outcome
