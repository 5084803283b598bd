-- users.profile_update: applies a merge patch to the caller's profile. $1 patch jsonb, $2 expected version bigint, null for any
select users.update_profile($1, $2) as version
