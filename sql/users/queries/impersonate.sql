-- users.impersonate: opens a session in a member's place. $1 user_id uuid, $2 session_id uuid, $3 reason text
select impersonator_id, label, roles, started_at, expires_at from users.impersonate($1, $2, $3)
