-- rates.continuity: what breaks the line of a product's rates; no row means proven. $1 product_id uuid
select c.problem, c.from_date, c.to_date from rates.continuity($1::uuid) c
