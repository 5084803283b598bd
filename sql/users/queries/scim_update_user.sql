-- users.scim_update_user: replaces what the directory says of a member. $1 user_id uuid, $2 version bigint, $3 user_name text, $4 external_id text, $5 active bool, $6 scim jsonb, $7 person jsonb
select users.scim_update_user($1, $2, $3, $4, $5, $6, $7)
