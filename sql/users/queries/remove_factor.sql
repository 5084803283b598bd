-- users.remove_factor: $1 factor_id uuid
select users.remove_factor($1)
