-- users.receive_directory_events: takes a delivery. $1 tenant_id uuid, $2 hook_id uuid, $3 SHA-256 of the secret bytea, $4 events jsonb, $5 caller jsonb
select users.receive_directory_events($1, $2, $3, $4, $5) as outcomes
