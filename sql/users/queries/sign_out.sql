-- users.sign_out: $1 session_id uuid
select users.sign_out($1)
