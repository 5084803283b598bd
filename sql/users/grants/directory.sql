grant execute on function
    users.confirm_cognito_user(text, text, text, uuid, jsonb, jsonb),
    users.cognito_claims(text, text, text, text[], boolean, jsonb)
    to users_service;
