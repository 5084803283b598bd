-- users.finish_step_up: $1 proof, $2 methods
select assurance, methods, authenticated_at, roles, access_token_minutes from users.finish_step_up($1, $2)
