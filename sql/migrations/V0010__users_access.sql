set local role wealth_owner;

-- S4-18, C4-10, S0-41: an e-mail is unique within one identity store. The platform's own store holds the people who sign
-- in here and may work for many firms; each firm's directory (SCIM, OIDC) is a store of its own, so that what one firm
-- provisions neither meets nor reveals a person of another.
alter table users.users add column directory_tenant_id uuid
    constraint users_directory_fkey references tenants.tenants (tenant_id);
drop index users.idx_users_email;
create unique index idx_users_email
    on users.users (lower(email), coalesce(directory_tenant_id, '00000000-0000-0000-0000-000000000000'::uuid));
create index idx_users_directory on users.users (directory_tenant_id) where directory_tenant_id is not null;
create index idx_users_last_login on users.users (last_login);  -- S4-17

-- What a firm says of its member: SCIM's userName and externalId, and the attributes as its directory wrote them.
alter table users.memberships
    add column user_name text,
    add column external_id text,
    add column scim jsonb,
    add column origin text not null default 'manual',
    add column ended_at timestamptz,
    add constraint memberships_user_name_check check (length(user_name) between 1 and 320),
    add constraint memberships_external_id_check check (length(external_id) between 1 and 255),
    add constraint memberships_scim_check check (jsonb_typeof(scim) = 'object'),
    add constraint memberships_origin_check check (origin in ('manual', 'scim', 'oidc', 'invitation', 'registration'));
create unique index idx_memberships_user_name on users.memberships (tenant_id, lower(user_name))
    where user_name is not null and status <> 'ended';
create index idx_memberships_external_id on users.memberships (tenant_id, external_id) where external_id is not null;
create index idx_memberships_updated_at on users.memberships (tenant_id, updated_at);

-- Grants are kept when they end, so that "which roles had U on D" has an answer. The same role may be granted by hand and
-- by two groups at once; it is held while any of them lasts. S0-57 keeps its name for the grants without an end.
drop index users.idx_user_roles_unique;
create unique index idx_user_roles_unique
    on users.user_roles (tenant_id, user_id, role_name, origin, coalesce(okta_group_name, ''))
    where effective_to is null;
alter table users.user_roles
    add column reason text,
    add column ended_by varchar(255),
    add constraint user_roles_no_overlap exclude using gist (
        tenant_id extensions.gist_uuid_ops with operator(pg_catalog.=), user_id extensions.gist_uuid_ops with operator(pg_catalog.=),
        role_name extensions.gist_text_ops with operator(pg_catalog.=), origin extensions.gist_text_ops with operator(pg_catalog.=),
        coalesce(okta_group_name, '') extensions.gist_text_ops with operator(pg_catalog.=),
        tstzrange(effective_from, effective_to) with operator(pg_catalog.&&));

-- S4-09, S4-20, C4-11: the PHC string of bcrypt (accepted) or argon2id (made); never a password.
create table users.password_credentials (
    user_id uuid not null,
    hash text not null,
    must_change boolean not null default false,
    changed_at timestamptz not null default current_timestamp,
    created_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint password_credentials_pkey primary key (user_id),
    constraint password_credentials_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint password_credentials_hash_check check (hash ~ '^\$(2[abxy]|argon2id)\$' and length(hash) <= 255)
);

-- S3-48: earlier hashes, looked at only to refuse their reuse.
create table users.password_history (
    user_id uuid not null,
    password_history_id uuid not null default gen_random_uuid(),
    hash text not null,
    replaced_at timestamptz not null default current_timestamp,
    constraint password_history_pkey primary key (user_id, password_history_id),
    constraint password_history_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade
);

-- S3-47: kept, hashed, and off unless a firm turns it on (NIST SP 800-63B advises against it).
create table users.security_questions (
    user_id uuid not null,
    security_question_id uuid not null default gen_random_uuid(),
    question text not null,
    answer_hash text not null,
    created_at timestamptz not null default current_timestamp,
    constraint security_questions_pkey primary key (user_id, security_question_id),
    constraint security_questions_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint security_questions_question_check check (length(question) between 1 and 255)
);

-- S3-49: which second factors a person has. Secrets are ciphertext (rules.md 2.11).
create table users.mfa_settings (
    user_id uuid not null,
    preferred_method text,
    recovery_codes_made_at timestamptz,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint mfa_settings_pkey primary key (user_id),
    constraint mfa_settings_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint mfa_settings_method_check check (preferred_method in ('totp', 'webauthn'))
);
create table users.totp_factors (
    user_id uuid not null,
    factor_id uuid not null default gen_random_uuid(),
    label text not null,
    secret bytea not null,
    key_version integer not null,
    confirmed_at timestamptz,
    -- The last time step that was accepted: it and all before it are spent (RFC 6238 5.2).
    last_step bigint not null default 0,
    created_at timestamptz not null default current_timestamp,
    last_used_at timestamptz,
    constraint totp_factors_pkey primary key (user_id, factor_id),
    constraint totp_factors_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint totp_factors_label_check check (length(label) between 1 and 100)
);
create table users.recovery_codes (
    user_id uuid not null,
    code_hash bytea not null,
    created_at timestamptz not null default current_timestamp,
    used_at timestamptz,
    constraint recovery_codes_pkey primary key (user_id, code_hash),
    constraint recovery_codes_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade
);
create table users.webauthn_credentials (
    user_id uuid not null,
    factor_id uuid not null default gen_random_uuid(),
    credential_id bytea not null,
    passkey jsonb not null,
    sign_count bigint not null default 0,
    label text not null,
    created_at timestamptz not null default current_timestamp,
    last_used_at timestamptz,
    constraint webauthn_credentials_pkey primary key (user_id, factor_id),
    constraint webauthn_credentials_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint webauthn_credentials_credential_key unique (credential_id),
    constraint webauthn_credentials_label_check check (length(label) between 1 and 100)
);

-- Links and codes that work once: verification of an address, recovery, invitations, the second step of a sign-in, the
-- challenges of WebAuthn. Only the SHA-256 of the token is kept.
create table users.one_time_tokens (
    token_hash bytea not null,
    purpose text not null,
    user_id uuid,
    bound_tenant_id uuid,
    data jsonb not null default '{}',
    attempts integer not null default 0,
    created_at timestamptz not null default current_timestamp,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint one_time_tokens_pkey primary key (token_hash),
    constraint one_time_tokens_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint one_time_tokens_purpose_check check (purpose ~ '^[a-z_]{1,40}$')
);
create index idx_one_time_tokens_user_id on users.one_time_tokens (user_id, purpose);
create index idx_one_time_tokens_expires_at on users.one_time_tokens (expires_at);

-- Counters that slow guessing down: one row for each (kind, hashed subject), never a lock on an account.
create table users.throttles (
    bucket text not null,
    subject_hash bytea not null,
    window_start timestamptz not null,
    hits integer not null default 1,
    constraint throttles_pkey primary key (bucket, subject_hash)
);
create index idx_throttles_window_start on users.throttles (window_start);

-- S4-22 ... S4-34: one profile for each person.
create table users.user_profiles (
    user_id uuid not null,
    phone text,
    avatar text,
    timezone text not null default 'UTC',
    language text not null default 'en',
    preferences jsonb not null default '{}',
    legacy_id text,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint user_profiles_pkey primary key (user_id),
    constraint fk_user_profiles_user foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint user_profiles_phone_check check (phone ~ '^\+[1-9][0-9]{1,14}$'),
    constraint user_profiles_avatar_check check (length(avatar) between 1 and 1024),
    constraint user_profiles_timezone_check check (length(timezone) between 1 and 64),
    constraint user_profiles_language_check check (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'),
    constraint user_profiles_preferences_check check (
        jsonb_typeof(preferences) = 'object' and pg_column_size(preferences) <= 16384),
    constraint user_profiles_version_check check (version > 0)
);
create unique index idx_user_profiles_user on users.user_profiles (user_id);
create index idx_user_profiles_phone on users.user_profiles (phone) where phone is not null;

-- S0-71 ... S0-80, S4-35 ... S4-50: the rest of a session. The session is the family of its refresh tokens: the leaf is
-- the one that works, its parent is let through for a few seconds because its answer may have been lost.
alter table users.user_sessions
    add column refresh_token_hash bytea,
    add column refresh_counter integer not null default 0,
    add column rotated_at timestamptz,
    add column absolute_expires_at timestamptz,
    add column assurance smallint not null default 1,
    add column methods text[] not null default '{}',
    add column authenticated_at timestamptz not null default current_timestamp,
    add column device text,
    add column impersonator_id uuid,
    add column impersonation_reason text,
    add constraint user_sessions_assurance_check check (assurance between 1 and 3),
    add constraint user_sessions_impersonation_check check ((impersonator_id is null) = (impersonation_reason is null)),
    add constraint user_sessions_impersonator_fkey foreign key (tenant_id, impersonator_id)
        references users.memberships (tenant_id, user_id) on delete cascade;
create unique index idx_sessions_refresh_token on users.user_sessions (tenant_id, refresh_token_hash)
    where refresh_token_hash is not null;
create index idx_sessions_expires on users.user_sessions (expires_at) where is_active;
create index idx_user_sessions_impersonator on users.user_sessions (tenant_id, impersonator_id)
    where impersonator_id is not null;

-- S3-51: prefix to recognise it by, SHA-256 to check it by.
create table users.api_keys (
    tenant_id uuid not null,
    api_key_id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    name text not null,
    prefix text not null,
    key_hash bytea not null,
    scopes text[] not null,
    created_by uuid,
    created_at timestamptz not null default current_timestamp,
    expires_at timestamptz,
    last_used_at timestamptz,
    last_used_ip inet,
    replaced_by uuid,
    revoked_at timestamptz,
    revoke_reason text,
    version bigint not null default 1,
    constraint api_keys_pkey primary key (tenant_id, api_key_id),
    constraint api_keys_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id) on delete cascade,
    constraint api_keys_name_check check (length(name) between 1 and 100),
    constraint api_keys_prefix_check check (length(prefix) between 4 and 32),
    constraint api_keys_scopes_check check (cardinality(scopes) between 1 and 100),
    constraint api_keys_expiry_check check (expires_at > created_at)
);
create index idx_api_keys_user_id on users.api_keys (tenant_id, user_id);

-- Groups of the firm's directory, and the roles that membership in them gives (S0-52, S0-54).
create table users.groups (
    tenant_id uuid not null,
    group_id uuid not null default gen_random_uuid(),
    display_name text not null,
    external_id text,
    provider text not null default 'scim',
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint groups_pkey primary key (tenant_id, group_id),
    constraint groups_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint groups_display_name_check check (length(display_name) between 1 and 255),
    constraint groups_external_id_check check (length(external_id) between 1 and 255),
    constraint groups_version_check check (version > 0)
);
create unique index idx_groups_display_name on users.groups (tenant_id, lower(display_name));
create index idx_groups_external_id on users.groups (tenant_id, external_id) where external_id is not null;
create index idx_groups_updated_at on users.groups (tenant_id, updated_at);
create table users.group_members (
    tenant_id uuid not null,
    group_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default current_timestamp,
    constraint group_members_pkey primary key (tenant_id, group_id, user_id),
    constraint group_members_group_fkey foreign key (tenant_id, group_id)
        references users.groups (tenant_id, group_id) on delete cascade,
    constraint group_members_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id) on delete cascade
);
create index idx_group_members_user_id on users.group_members (tenant_id, user_id);
create table users.group_role_mappings (
    tenant_id uuid not null,
    mapping_id uuid not null default gen_random_uuid(),
    provider text not null,
    group_name text not null,
    role_name varchar(100) not null,
    created_at timestamptz not null default current_timestamp,
    created_by varchar(255),
    version bigint not null default 1,
    constraint group_role_mappings_pkey primary key (tenant_id, mapping_id),
    constraint group_role_mappings_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint group_role_mappings_role_fkey foreign key (role_name) references users.roles (role_name),
    constraint group_role_mappings_provider_check check (provider in ('scim', 'okta', 'cognito', 'oidc')),
    constraint group_role_mappings_group_check check (length(group_name) between 1 and 255)
);
create unique index idx_group_role_mappings_unique
    on users.group_role_mappings (tenant_id, provider, lower(group_name), role_name);
create index idx_group_role_mappings_role_name on users.group_role_mappings (role_name);

create table users.invitations (
    tenant_id uuid not null,
    invitation_id uuid not null default gen_random_uuid(),
    email text not null,
    roles text[] not null default '{}',
    message text,
    invited_by uuid not null,
    token_hash bytea not null,
    created_at timestamptz not null default current_timestamp,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid,
    revoked_at timestamptz,
    version bigint not null default 1,
    constraint invitations_pkey primary key (tenant_id, invitation_id),
    constraint invitations_inviter_fkey foreign key (tenant_id, invited_by)
        references users.memberships (tenant_id, user_id) on delete cascade,
    constraint invitations_email_check check (length(email) between 3 and 320),
    constraint invitations_message_check check (length(message) <= 1000),
    constraint invitations_version_check check (version > 0)
);
create unique index idx_invitations_open on users.invitations (tenant_id, lower(email))
    where accepted_at is null and revoked_at is null;
create index idx_invitations_token on users.invitations (tenant_id, token_hash);
create index idx_invitations_invited_by on users.invitations (tenant_id, invited_by);

-- How a firm wants its people to sign in. A firm without a row has the defaults of its columns.
create table users.auth_policies (
    tenant_id uuid not null,
    mfa text not null default 'optional',
    mfa_roles text[] not null default '{}',
    idle_timeout_minutes integer not null default 720,
    absolute_lifetime_minutes integer not null default 43200,
    access_token_minutes integer not null default 15,
    password_min_length integer not null default 15,
    password_history integer not null default 5,
    step_up_minutes integer not null default 15,
    security_questions boolean not null default false,
    self_registration boolean not null default false,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint auth_policies_pkey primary key (tenant_id),
    constraint auth_policies_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint auth_policies_mfa_check check (mfa in ('off', 'optional', 'required')),
    constraint auth_policies_idle_check check (idle_timeout_minutes between 5 and 43200),
    constraint auth_policies_absolute_check check (absolute_lifetime_minutes between 15 and 129600),
    constraint auth_policies_access_check check (access_token_minutes between 1 and 60),
    constraint auth_policies_length_check check (password_min_length between 8 and 64),
    constraint auth_policies_history_check check (password_history between 0 and 24),
    constraint auth_policies_step_up_check check (step_up_minutes between 1 and 720),
    constraint auth_policies_version_check check (version > 0)
);

-- Calls of a directory (Okta event hooks), each taken once whatever the directory repeats.
create table users.event_hooks (
    tenant_id uuid not null,
    hook_id uuid not null default gen_random_uuid(),
    provider text not null default 'okta',
    -- Two while one takes the other's place.
    secret_hashes bytea[] not null,
    is_active boolean not null default true,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint event_hooks_pkey primary key (tenant_id, hook_id),
    constraint event_hooks_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint event_hooks_secrets_check check (cardinality(secret_hashes) between 1 and 2)
);
create table users.directory_events (
    tenant_id uuid not null,
    source text not null,
    event_id text not null,
    event_type text not null,
    published timestamptz not null,
    received_at timestamptz not null default current_timestamp,
    subject text,
    payload jsonb not null,
    outcome text not null,
    constraint directory_events_pkey primary key (tenant_id, source, event_id),
    constraint directory_events_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint directory_events_id_check check (length(event_id) between 1 and 255)
);
create index idx_directory_events_subject on users.directory_events (tenant_id, source, subject, published);

-- The platform as an issuer of tokens: public keys only. The private ones are in Secrets Manager.
create table users.signing_keys (
    key_id text not null,
    algorithm text not null,
    public_key jsonb not null,
    created_at timestamptz not null default current_timestamp,
    retired_at timestamptz,
    constraint signing_keys_pkey primary key (key_id),
    constraint signing_keys_algorithm_check check (algorithm in ('EdDSA', 'ES256', 'RS256')),
    constraint signing_keys_public_check check (jsonb_typeof(public_key) = 'object' and not public_key ? 'd')
);

do $$
declare
    v_table text;
begin
    foreach v_table in array array[
        'password_credentials', 'password_history', 'security_questions', 'mfa_settings', 'totp_factors',
        'recovery_codes', 'webauthn_credentials', 'one_time_tokens', 'throttles', 'user_profiles', 'api_keys', 'groups',
        'group_members', 'group_role_mappings', 'invitations', 'auth_policies', 'event_hooks', 'directory_events',
        'signing_keys'
    ] loop
        execute format('alter table users.%I enable row level security', v_table);
        execute format('alter table users.%I force row level security', v_table);
    end loop;
end
$$;

-- A request may now come from an API key, or from a person in another's place: the call has other parameters.
drop function if exists platform.begin_request(
    uuid, text, text, text[], boolean, timestamptz, uuid, uuid, text, text, text);
drop function if exists users.find_issuer(text);
drop function if exists platform.set_context(
    uuid, uuid, text, text, text, timestamptz, text, uuid, uuid, text, text, text);
