-- The first months: one back, so that a request that began last month still finds its place, and eighteen ahead. The
-- jobs Lambda keeps the distance from then on.
select audit.ensure_partitions((current_date - interval '1 month')::date, 20);
