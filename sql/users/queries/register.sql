-- users.register: $1 tenant_id uuid, $2 person jsonb, $3 link jsonb, $4 caller jsonb
select users.sp_register_user($1, $2, $3, $4)
