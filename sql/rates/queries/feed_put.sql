-- rates.feed_put: $1 source text, $2 name text, $3 precedence integer, $4 tolerance numeric, $5 is_active boolean,
-- $6 expected version bigint
select rates.put_feed($1, $2, $3, $4, $5, $6) as version
