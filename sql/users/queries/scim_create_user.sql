-- users.scim_create_user: provisions a person. $1 user_name text, $2 external_id text, $3 active bool, $4 scim jsonb, $5 person jsonb
select users.scim_create_user($1, $2, $3, $4, $5)
