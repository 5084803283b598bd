-- users.my_mfa: the caller's second factors
select factors, recovery_codes_left, required, step_up_minutes from users.my_mfa()
