-- users.auth_policy_put: replaces the tenant's policy. $1 policy jsonb, $2 expected version bigint, null for any
select users.put_auth_policy($1, $2) as version
