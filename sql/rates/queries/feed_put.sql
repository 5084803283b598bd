-- rates.feed_put: $1 source text, $2 name text, $3 precedence integer, $4 tolerance numeric, $5 is_active boolean,
-- $6 pull_url text, $7 pull_minutes integer, $8 expected version bigint
select rates.put_feed($1, $2, $3, $4, $5, $6, $7, $8) as version
