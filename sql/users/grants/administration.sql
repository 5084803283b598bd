grant execute on function users.mask_email(text) to app_read_only, app_read_write, app_admin;
grant execute on function
    users.create_member(uuid, jsonb),
    users.update_member(uuid, bigint, jsonb),
    users.deactivate_member(uuid, bigint, text),
    users.reactivate_member(uuid, bigint, text),
    users.remove_member(uuid, bigint),
    users.grant_role(uuid, uuid, jsonb),
    users.change_role(uuid, uuid, bigint, timestamptz, text),
    users.end_role(uuid, uuid, bigint),
    users.create_group_role_mapping(uuid, text, text, text),
    users.delete_group_role_mapping(uuid, bigint),
    users.link_identity(uuid, uuid, text, text),
    users.link_own_identity(uuid, text, text),
    users.unlink_identity(uuid, uuid),
    users.sign_in_evidence(uuid)
    to users_service;
