set local role wealth_owner;

-- One person or service, whatever firms it works for (X-01). The identity store is the only store without a tenant
-- column; its row policies let a session see people who are members of the session's tenant, and nobody else.
create table users.users (
    user_id uuid not null default gen_random_uuid(),
    email text not null,
    first_name varchar(100),
    last_name varchar(100),
    display_name text,
    is_active boolean not null default true,
    email_verified_at timestamptz,
    last_login timestamptz,
    public_code text,
    legacy_id text,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint users_pkey primary key (user_id),
    constraint users_email_check check (length(email) between 3 and 320 and email like '_%@_%'),
    constraint users_display_name_check check (length(display_name) <= 255),
    constraint users_version_check check (version > 0)
);
-- S0-41, S0-47, C0-13, C0-20: one index, unique without regard to case, under the documented name.
create unique index idx_users_email on users.users (lower(email));
create unique index idx_users_public_code on users.users (public_code) where public_code is not null;
create unique index idx_users_legacy_id on users.users (legacy_id) where legacy_id is not null;
create index idx_users_active on users.users (user_id) where is_active;

-- How a person signs in: the pair (issuer, subject) of OpenID Connect, never the e-mail (ASVS 6.8.1). S0-40, S0-46.
create table users.user_identities (
    identity_id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    provider text not null,
    issuer text not null,
    subject text not null,
    created_at timestamptz not null default current_timestamp,
    constraint user_identities_pkey primary key (identity_id),
    constraint user_identities_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint user_identities_provider_check check (provider in ('okta', 'cognito', 'local', 'oidc')),
    constraint user_identities_issuer_check check (length(issuer) between 1 and 512),
    constraint user_identities_subject_check check (length(subject) between 1 and 255)
);
create unique index idx_users_okta_id on users.user_identities (issuer, subject);
create index idx_user_identities_user_id on users.user_identities (user_id);

create table users.memberships (
    tenant_id uuid not null,
    user_id uuid not null,
    status text not null default 'active',
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint memberships_pkey primary key (tenant_id, user_id),
    constraint memberships_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint memberships_user_fkey foreign key (user_id) references users.users (user_id) on delete cascade,
    constraint memberships_status_check check (status in ('active', 'invited', 'suspended', 'ended')),
    constraint memberships_version_check check (version > 0)
);
create index idx_memberships_user_id on users.memberships (user_id);

-- The roles of the documents as data (S0-54, S1-06, X-06). A larger rank is the stronger role.
create table users.roles (
    role_name varchar(100) not null,
    namespace text not null,
    rank smallint not null default 0,
    description text not null,
    constraint roles_pkey primary key (role_name),
    constraint roles_namespace_check check (namespace in ('sales', 'shoppulse', 'advice', 'estate', 'investor', 'platform')),
    constraint roles_rank_check check (rank between 0 and 1000)
);
insert into users.roles (role_name, namespace, rank, description) values
    ('SystemAdministrator', 'sales', 400, 'Runs the tenant: users, roles, audit, and everything a product administrator may do'),
    ('ProductAdministrator', 'sales', 300, 'Keeps the product catalogue and its rates'),
    ('SalesManager', 'sales', 200, 'Leads sales representatives and sees their comparisons'),
    ('SalesRepresentative', 'sales', 100, 'Presents active products and compares them for clients'),
    ('Admin', 'shoppulse', 90, 'Commerce analytics: all metrics and settings'),
    ('Finance', 'shoppulse', 50, 'Commerce analytics: financial metrics'),
    ('Operations', 'shoppulse', 40, 'Commerce analytics: fulfillment metrics'),
    ('Marketing', 'shoppulse', 30, 'Commerce analytics: campaign metrics'),
    ('Adviser', 'advice', 80, 'Serves the households assigned to the adviser (adviser_role)'),
    ('Investor', 'investor', 20, 'Reads the own holdings in the investor portal'),
    ('RateFeed', 'platform', 10, 'A machine that delivers rates from an outside system');

-- A role held by a member from a date to a date. S0-49 … S0-57.
create table users.user_roles (
    tenant_id uuid not null,
    user_role_id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    role_name varchar(100) not null,
    -- S0-52: the directory group that granted it. Only a role typed in by hand has none.
    okta_group_name varchar(255),
    origin text not null default 'manual',
    effective_from timestamptz not null default current_timestamp,
    effective_to timestamptz,
    assigned_at timestamptz not null default current_timestamp,
    assigned_by varchar(255),
    version bigint not null default 1,
    constraint user_roles_pkey primary key (tenant_id, user_role_id),
    constraint user_roles_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id) on delete cascade,
    -- S0-54: the catalogue takes the place of the printed list, under its name.
    constraint check_role_name foreign key (role_name) references users.roles (role_name),
    constraint user_roles_origin_check check (origin in ('manual', 'scim', 'oidc')),
    constraint user_roles_group_check check (origin = 'manual' or okta_group_name is not null),
    constraint user_roles_period_check check (effective_to > effective_from),
    constraint user_roles_version_check check (version > 0)
);
create index idx_user_roles_user_id on users.user_roles (tenant_id, user_id);
create index idx_user_roles_role_name on users.user_roles (role_name);
create unique index idx_user_roles_unique on users.user_roles (tenant_id, user_id, role_name);

-- Which issuers a tenant trusts and how their claims become roles (X-07). Public configuration: keys, never secrets.
create table users.identity_providers (
    tenant_id uuid not null,
    identity_provider_id uuid not null default gen_random_uuid(),
    issuer text not null,
    provider text not null,
    audience text[] not null,
    jwks_uri text,
    jwks jsonb,
    algorithms text[] not null default '{RS256}',
    token_types text[] not null default '{at+jwt}',
    tenant_claim text,
    role_claim text,
    role_source text not null default 'grants',
    group_roles jsonb not null default '{}',
    is_active boolean not null default true,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint identity_providers_pkey primary key (tenant_id, identity_provider_id),
    constraint identity_providers_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint identity_providers_issuer_check check (length(issuer) between 1 and 512),
    constraint identity_providers_provider_check check (provider in ('okta', 'cognito', 'local', 'oidc')),
    constraint identity_providers_audience_check check (cardinality(audience) > 0),
    constraint identity_providers_keys_check check (jwks is not null or jwks_uri like 'https://%'),
    constraint identity_providers_algorithms_check check (
        cardinality(algorithms) > 0 and algorithms <@ '{RS256,ES256,EdDSA}'),
    constraint identity_providers_role_source_check check (role_source in ('claims', 'grants')),
    constraint identity_providers_group_roles_check check (jsonb_typeof(group_roles) = 'object'),
    constraint identity_providers_version_check check (version > 0)
);
-- Found by issuer before the tenant is known; two tenants may share an issuer and differ by the tenant claim.
create unique index idx_identity_providers_issuer on users.identity_providers (issuer, tenant_id);

-- S0-71 … S0-80, X-03. Tokens are kept as SHA-256 only.
create table users.user_sessions (
    tenant_id uuid not null,
    session_id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    okta_session_id varchar(255),
    jwt_token_hash varchar(255),
    ip_address inet,
    user_agent text,
    login_time timestamptz not null default current_timestamp,
    last_activity timestamptz not null default current_timestamp,
    logout_time timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoke_reason text,
    is_active boolean not null generated always as (logout_time is null and revoked_at is null) stored,
    constraint user_sessions_pkey primary key (tenant_id, session_id),
    constraint user_sessions_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id) on delete cascade
);
create index idx_user_sessions_user_id on users.user_sessions (tenant_id, user_id);
create index idx_user_sessions_active on users.user_sessions (tenant_id, user_id) where is_active;
create index idx_user_sessions_last_activity on users.user_sessions (tenant_id, last_activity);

alter table users.users enable row level security;
alter table users.users force row level security;
alter table users.user_identities enable row level security;
alter table users.user_identities force row level security;
alter table users.memberships enable row level security;
alter table users.memberships force row level security;
alter table users.user_roles enable row level security;
alter table users.user_roles force row level security;
alter table users.identity_providers enable row level security;
alter table users.identity_providers force row level security;
alter table users.user_sessions enable row level security;
alter table users.user_sessions force row level security;
