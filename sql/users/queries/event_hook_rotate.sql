-- users.event_hook_rotate: gives a hook another secret. $1 hook_id uuid, $2 SHA-256 of the secret bytea, $3 whether the one before goes on working boolean
select users.rotate_event_hook($1, $2, $3)
