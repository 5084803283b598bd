-- users.impersonation_end: ends a session in another's place. $1 session_id uuid
select users.end_impersonation($1)
