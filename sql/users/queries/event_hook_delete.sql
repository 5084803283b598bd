-- users.event_hook_delete: closes a hook. $1 hook_id uuid
select users.delete_event_hook($1)
