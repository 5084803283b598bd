-- users.auth_policy_get: how the tenant wants its people to sign in. No parameters
select mfa, mfa_roles, idle_timeout_minutes, absolute_lifetime_minutes, access_token_minutes, password_min_length,
       password_history, step_up_minutes, security_questions, self_registration, updated_at, version
  from users.auth_policy()
