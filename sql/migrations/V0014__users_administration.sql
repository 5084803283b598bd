set local role wealth_owner;

-- Short and legacy ids are unique within one identity store, as e-mails are (C4-10): a firm that brings its ids along
-- must not learn from a refusal which ids another firm has.
drop index users.idx_users_public_code;
create unique index idx_users_public_code
    on users.users (public_code, coalesce(directory_tenant_id, '00000000-0000-0000-0000-000000000000'::uuid))
    where public_code is not null;
drop index users.idx_users_legacy_id;
create unique index idx_users_legacy_id
    on users.users (legacy_id, coalesce(directory_tenant_id, '00000000-0000-0000-0000-000000000000'::uuid))
    where legacy_id is not null;
alter table users.users
    add constraint users_public_code_check check (length(public_code) between 1 and 64),
    add constraint users_legacy_id_check check (length(legacy_id) between 1 and 64);

-- S0-91: how many sessions a member has had, and the last one's activity, come from the index alone.
create index idx_user_sessions_activity on users.user_sessions (tenant_id, user_id) include (last_activity);
