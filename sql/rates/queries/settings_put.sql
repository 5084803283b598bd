-- rates.settings_put: $1 tolerance numeric, $2 manual_precedence integer, $3 expected version bigint
select rates.put_settings($1, $2, $3) as version
