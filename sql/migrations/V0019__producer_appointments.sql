set local role wealth_owner;

-- One key for one issuer, however its name is written.
create function products.issuer_key(p_issuer text)
returns text
language sql immutable strict parallel safe
as $$ select lower(regexp_replace(btrim(p_issuer), '\s+', ' ', 'g')) $$;

-- Which producer an insurer has appointed to sell for it, in which state, from when to when (NAIC Model #218 §14): both
-- days belong to the appointment. Appointments for the same never overlap; a removed one stays as an inactive row.
create table products.producer_appointments (
    tenant_id uuid not null,
    appointment_id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    issuer varchar(255) not null,
    issuer_key text not null generated always as (products.issuer_key(issuer)) stored,
    state text not null,
    line_of_authority text not null,
    license_number varchar(100) not null,
    start_date date not null,
    end_date date,
    is_active boolean not null default true,
    created_at timestamptz not null default current_timestamp,
    created_by varchar(255) not null,
    created_by_user_id uuid,
    updated_at timestamptz not null default current_timestamp,
    updated_by varchar(255),
    updated_by_user_id uuid,
    version bigint not null default 1,
    constraint producer_appointments_pkey primary key (tenant_id, appointment_id),
    constraint producer_appointments_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id),
    constraint producer_appointments_issuer_check check (length(issuer_key) > 0),
    constraint producer_appointments_state_check check (state ~ '^[A-Z]{2}$'),
    constraint producer_appointments_line_check check (
        line_of_authority in ('life', 'variable_life_and_variable_annuity')),
    constraint producer_appointments_license_check check (length(license_number) > 0),
    constraint producer_appointments_period_check check (end_date >= start_date),
    constraint producer_appointments_finite_check check (isfinite(start_date) and isfinite(end_date)),
    constraint producer_appointments_version_check check (version > 0),
    constraint producer_appointments_no_overlap exclude using gist (
        tenant_id with =, user_id with =, issuer_key with =, state with =, line_of_authority with =,
        daterange(start_date, end_date, '[]') with &&) where (is_active)
);
create index idx_producer_appointments_user_id
    on products.producer_appointments (tenant_id, user_id, issuer_key);

-- How the firm sells. Without a row nothing is enforced.
create table products.sale_settings (
    tenant_id uuid not null,
    -- Whether a sales representative needs the insurer's appointment.
    appointments_enforced boolean not null default false,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint sale_settings_pkey primary key (tenant_id),
    constraint sale_settings_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint sale_settings_version_check check (version > 0)
);

alter table products.producer_appointments enable row level security, force row level security;
alter table products.sale_settings enable row level security, force row level security;
