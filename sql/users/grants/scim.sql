grant execute on function
    users.scim_find_users(uuid, text, text, boolean, text, timestamptz, timestamptz, timestamptz, timestamptz, text,
        boolean, bigint, bigint),
    users.scim_find_groups(uuid, text, text, uuid, timestamptz, timestamptz, timestamptz, timestamptz, text, boolean,
        bigint, bigint),
    users.scim_create_user(text, text, boolean, jsonb, jsonb),
    users.scim_update_user(uuid, bigint, text, text, boolean, jsonb, jsonb),
    users.scim_lock_user(uuid, bigint),
    users.scim_delete_user(uuid, bigint),
    users.scim_create_group(uuid, text, text, uuid[]),
    users.scim_update_group(uuid, bigint, text, text, uuid[]),
    users.scim_lock_group(uuid, bigint),
    users.scim_delete_group(uuid, bigint)
    to users_service;
grant execute on function users.scim_password_facts(uuid) to users_service;
