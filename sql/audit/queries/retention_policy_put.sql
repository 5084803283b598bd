-- audit.retention_policy_put: $1 class text, $2 months integer, $3 days integer, $4 reason text, $5 expected version bigint
select audit.put_retention_override($1::text, $2::integer, $3::integer, $4::text,
           left(current_setting('app.current_user_label', true), 255), $5::bigint)
