-- users.revoke_sessions: $1 session_id uuid or null for all of $2 user_id uuid, null for the caller; $3 the one to spare,
-- $4 reason, $5 whether the caller administers access
select users.revoke_sessions($1, $2, $3, $4, $5) as revoked
