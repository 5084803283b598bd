set local role wealth_owner;

-- A firm. S1-52 names short codes such as T001: they live in public_code, the key is a UUID (X-04, X-05).
create table tenants.tenants (
    tenant_id uuid not null default gen_random_uuid(),
    name text not null,
    public_code text,
    legal_name text,
    status text not null default 'active',
    time_zone text not null default 'America/New_York',
    currency char(3) not null default 'USD',
    fiscal_year_end_month smallint not null default 12,
    fiscal_year_end_day smallint not null default 31,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    version bigint not null default 1,
    constraint tenants_pkey primary key (tenant_id),
    constraint tenants_public_code_key unique (public_code),
    constraint tenants_name_check check (length(name) between 1 and 255),
    constraint tenants_public_code_check check (public_code ~ '^[A-Za-z0-9_-]{1,32}$'),
    constraint tenants_status_check check (status in ('active', 'suspended', 'closed')),
    constraint tenants_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint tenants_fiscal_year_end_check check (
        fiscal_year_end_month between 1 and 12 and fiscal_year_end_day between 1 and 31),
    constraint tenants_settings_check check (jsonb_typeof(settings) = 'object'),
    constraint tenants_version_check check (version > 0)
);

alter table tenants.tenants enable row level security;
alter table tenants.tenants force row level security;
