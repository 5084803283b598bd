-- users.invitation_accept: accepts an invitation by its link. $1 token hash bytea, $2 person jsonb, $3 caller jsonb
select outcome, tenant_id, firm, user_id from users.accept_invitation($1, $2, $3)
