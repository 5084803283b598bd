-- users.invitation_revoke: takes an invitation back. $1 invitation_id uuid
select users.revoke_invitation($1)
