-- users.event_hook_create: opens a hook. $1 hook_id uuid, $2 SHA-256 of its secret bytea
select users.create_event_hook($1, $2)
