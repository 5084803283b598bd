-- users.user_role_grant: grants a role by hand. $1 user_id uuid, $2 user_role_id uuid, $3 grant jsonb
select users.grant_role($1, $2, $3)
