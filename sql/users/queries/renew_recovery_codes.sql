-- users.renew_recovery_codes: $1 hashes
select users.renew_recovery_codes($1)
