-- users.invitation_create: invites an address. $1 invitation_id uuid, $2 invitation jsonb, $3 link jsonb
select created, retry_after from users.create_invitation($1, $2, $3)
