-- users.invitation_resend: sends an invitation again. $1 invitation_id uuid, $2 link jsonb
select users.resend_invitation($1, $2) as retry_after
