-- audit.record_access: $1 action text, $2 details jsonb
select audit.record_access($1, $2)
