grant execute on function users.find_issuer(text) to app_read_write;
grant execute on function users.put_identity_provider(uuid, jsonb) to app_admin;
grant execute on function
    users.put_member(uuid, uuid, text, text, text, text, text, text, text[], text) to app_admin;
grant update on users.users to app_admin;
grant insert, update, delete on users.memberships, users.user_roles, users.user_sessions to app_admin;
grant execute on function users.find_member(text, text) to app_read_write;
