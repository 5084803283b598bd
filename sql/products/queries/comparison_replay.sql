-- products.comparison_replay: the facts a saved comparison rested on, as comparison_inputs gave them.
-- $1 comparison_id uuid
select product_id, product_version, snapshot, rate_history_id, base_rate, bonus_rate, rate_effective_date
  from products.comparison_replay($1::uuid)
