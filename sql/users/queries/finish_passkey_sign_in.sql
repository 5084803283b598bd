-- users.finish_passkey_sign_in: $1 user_id uuid, $2 tenant, $3 proof, $4 caller
select standing, tenant_id, tenants from users.finish_passkey_sign_in($1, $2, $3, $4)
