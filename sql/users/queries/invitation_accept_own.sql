-- users.invitation_accept_own: accepts an invitation as the person who is signed in. $1 token hash bytea
select outcome, tenant_id, firm, user_id from users.accept_own_invitation($1)
