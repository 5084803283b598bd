set local role wealth_owner;

-- CUSIP (ANSI X9.6): nine characters, the last a check digit. Every second character counts double and two-digit
-- values count as the sum of their digits. One expression, so that PostgreSQL can inline it into the CHECK (S0-135).
create function products.is_cusip(p_cusip text)
returns boolean
language sql immutable strict parallel safe
as $$
    select p_cusip ~ '^[0-9A-Z*@#]{8}[0-9]$' and (
        select (10 - sum((v * (2 - i % 2)) / 10 + (v * (2 - i % 2)) % 10) % 10) % 10
          from (select i, strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#', substr(p_cusip, i, 1)) - 1 as v
                  from generate_series(1, 8) i) d
    ) = strpos('0123456789', right(p_cusip, 1)) - 1
$$;

-- ISIN (ISO 6166): country, nine characters, Luhn check digit over the letters written as numbers.
create function products.is_isin(p_isin text)
returns boolean
language sql immutable strict parallel safe
as $$
    select p_isin ~ '^[A-Z]{2}[0-9A-Z]{9}[0-9]$' and (
        select sum((d * m) / 10 + (d * m) % 10) % 10 = 0
          from (select substr(s, length(s) + 1 - i, 1)::int as d, 1 + (i - 1) % 2 as m
                  from (select string_agg((strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', c) - 1)::text, '' order by o) as s
                          from regexp_split_to_table(p_isin, '') with ordinality as x(c, o)) w,
                       generate_series(1, length(s)) i) l)
$$;

-- The catalogue (S0-07 … S0-22). Rates are percent with four decimals (C0-21). base_rate and bonus_rate mirror the row
-- of rates.rate_history in force on the tenant's business date; the mirror is true until next_rate_date.
create table products.products (
    tenant_id uuid not null,
    product_id uuid not null default gen_random_uuid(),
    cusip varchar(9) not null,
    isin varchar(12),
    product_name varchar(255) not null,
    product_type varchar(50) not null,
    product_subtype varchar(50),
    issuer varchar(255),
    description text,
    currency char(3) not null default 'USD',
    minimum_investment numeric(15,2) not null default 0.00,
    maximum_investment numeric(15,2),
    base_rate numeric(8,4) not null,
    bonus_rate numeric(8,4) not null default 0.0000,
    rate_effective_date date not null,
    next_rate_date date,
    return_of_premium boolean not null default false,
    return_of_premium_percentage numeric(5,2),
    terms_and_conditions text,
    terms_version integer not null default 0,
    -- Where it may be sold, as codes of ISO 3166-2 without the country; NULL means everywhere.
    states text[],
    is_active boolean not null default true,
    deactivated_at timestamptz,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    created_by varchar(255) not null,
    created_by_user_id uuid,
    updated_by varchar(255),
    updated_by_user_id uuid,
    version bigint not null default 1,
    -- The documented sort is type, then the highest rate first. As an ascending whole number the rate fits one index
    -- and one row comparison, and bigint comparison is leakproof where numeric is not, so that row security lets it be
    -- an index condition.
    rate_key bigint not null generated always as ((base_rate * -10000)::bigint) stored,
    search text not null generated always as (
        lower(product_name || ' ' || cusip || ' ' || coalesce(isin, '') || ' ' || coalesce(issuer, '') || ' '
              || coalesce(product_subtype, '') || ' ' || coalesce(description, ''))) stored,
    constraint products_pkey primary key (tenant_id, product_id),
    constraint products_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint products_cusip_check check (products.is_cusip(cusip)),
    constraint products_isin_check check (products.is_isin(isin)),
    constraint products_product_name_check check (length(product_name) > 0),
    constraint products_product_type_check check (product_type in ('Annuity', 'CD', 'Other')),
    constraint products_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint products_investment_check check (
        minimum_investment >= 0 and (maximum_investment is null or maximum_investment >= minimum_investment)),
    constraint products_base_rate_check check (base_rate between 0 and 100),
    constraint products_bonus_rate_check check (bonus_rate between 0 and 100),
    constraint products_return_of_premium_check check (
        return_of_premium = (return_of_premium_percentage is not null)
        and (return_of_premium_percentage is null or return_of_premium_percentage between 0 and 100)),
    constraint products_states_check check (cardinality(states) between 1 and 70 and array_position(states, null) is null),
    constraint products_next_rate_date_check check (next_rate_date > rate_effective_date),
    constraint products_version_check check (version > 0)
);
create unique index idx_products_cusip on products.products (tenant_id, cusip);
create index idx_products_type on products.products (tenant_id, product_type, rate_key, product_id);
create index idx_products_active on products.products (tenant_id, product_type, rate_key, product_id) where is_active;
create index idx_products_isin on products.products (tenant_id, isin) where isin is not null;
create index idx_products_next_rate_date on products.products (tenant_id, next_rate_date) where next_rate_date is not null;

-- C0-24. The typed document is core's (AnnuityTerms, CdTerms); the facts that the database can check are columns made
-- out of it, so that they cannot disagree with it.
create table products.annuity_terms (
    tenant_id uuid not null,
    product_id uuid not null,
    terms jsonb not null,
    guarantee_years smallint generated always as ((terms ->> 'guarantee_years')::smallint) stored,
    surrender_years integer generated always as (jsonb_array_length(terms -> 'surrender_schedule')) stored,
    crediting_method text generated always as (terms #>> '{crediting,method}') stored,
    minimum_issue_age smallint generated always as ((terms ->> 'minimum_issue_age')::smallint) stored,
    maximum_issue_age smallint generated always as ((terms ->> 'maximum_issue_age')::smallint) stored,
    free_withdrawal_percentage numeric(8,4)
        generated always as ((terms ->> 'free_withdrawal_percentage')::numeric) stored,
    market_value_adjustment boolean generated always as ((terms ->> 'market_value_adjustment')::boolean) stored,
    constraint annuity_terms_pkey primary key (tenant_id, product_id),
    constraint annuity_terms_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint annuity_terms_years_check check (guarantee_years between 0 and 100 and surrender_years between 0 and 100),
    constraint annuity_terms_issue_age_check check (
        minimum_issue_age between 0 and 120 and maximum_issue_age between 0 and 120
        and minimum_issue_age <= maximum_issue_age),
    constraint annuity_terms_free_withdrawal_check check (free_withdrawal_percentage between 0 and 100),
    constraint annuity_terms_terms_check check (jsonb_typeof(terms) = 'object')
);

create table products.cd_terms (
    tenant_id uuid not null,
    product_id uuid not null,
    terms jsonb not null,
    term_months smallint generated always as ((terms ->> 'term_months')::smallint) stored,
    compounding text generated always as (terms ->> 'compounding') stored,
    day_count text generated always as (terms ->> 'day_count') stored,
    callable boolean generated always as ((terms ->> 'callable')::boolean) stored,
    early_withdrawal_penalty jsonb generated always as (terms -> 'early_withdrawal_penalty') stored,
    constraint cd_terms_pkey primary key (tenant_id, product_id),
    constraint cd_terms_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint cd_terms_term_check check (term_months between 1 and 1200),
    constraint cd_terms_terms_check check (jsonb_typeof(terms) = 'object')
);

-- The product as it stood after each change of its facts. Rates have their own history, so a version number that only a
-- rate change took has no row here; the one in force at an instant is the last recorded before it.
create table products.product_versions (
    tenant_id uuid not null,
    product_id uuid not null,
    version bigint not null,
    recorded_at timestamptz not null default clock_timestamp(),
    snapshot jsonb not null,
    constraint product_versions_pkey primary key (tenant_id, product_id, version),
    constraint product_versions_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id)
);

-- Every text of the terms and conditions that ever held (S0-16).
create table products.terms_versions (
    tenant_id uuid not null,
    product_id uuid not null,
    terms_version integer not null,
    text text not null,
    sha256 bytea not null,
    effective_at timestamptz not null,
    created_at timestamptz not null default current_timestamp,
    created_by varchar(255) not null,
    created_by_user_id uuid,
    constraint terms_versions_pkey primary key (tenant_id, product_id, terms_version),
    constraint terms_versions_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint terms_versions_terms_version_check check (terms_version > 0),
    constraint terms_versions_sha256_check check (length(sha256) = 32)
);

-- When a product may be sold; both dates belong to the window (S0-23 … S0-31). Active windows never overlap (C0-17).
-- Removed windows stay as inactive rows, and so does the product they belong to (C0-25).
create table products.product_availability (
    tenant_id uuid not null,
    availability_id uuid not null default gen_random_uuid(),
    product_id uuid not null,
    start_date date not null,
    end_date date not null,
    is_active boolean not null default true,
    created_at timestamptz not null default current_timestamp,
    created_by varchar(255) not null,
    created_by_user_id uuid,
    constraint product_availability_pkey primary key (tenant_id, availability_id),
    constraint product_availability_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint check_date_range check (end_date >= start_date),
    constraint product_availability_finite_check check (isfinite(start_date) and isfinite(end_date)),
    constraint product_availability_no_overlap exclude using gist (
        tenant_id with =, product_id with =, daterange(start_date, end_date, '[]') with &&) where (is_active)
);
create index idx_product_availability_product_id on products.product_availability (tenant_id, product_id);
create index idx_product_availability_dates on products.product_availability (tenant_id, start_date, end_date);
create index idx_product_availability_active
    on products.product_availability (tenant_id, product_id, start_date, end_date) where is_active;

-- A comparison as it was shown: request, exact bytes of the answer, and the rates it rested on (S0-81 … S0-89).
create table products.product_comparisons (
    tenant_id uuid not null,
    comparison_id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    product_ids uuid[] not null,
    investment_amount numeric(15,2) not null,
    currency char(3) not null default 'USD',
    horizon_months integer not null,
    as_of date not null,
    known_at timestamptz not null,
    comparison_date timestamptz not null default current_timestamp,
    session_id uuid,
    request jsonb not null,
    result text not null,
    result_sha256 bytea not null,
    constraint product_comparisons_pkey primary key (tenant_id, comparison_id),
    constraint product_comparisons_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id),
    constraint product_comparisons_session_fkey foreign key (tenant_id, session_id)
        references users.user_sessions (tenant_id, session_id) on delete set null (session_id),
    constraint product_comparisons_product_ids_check check (cardinality(product_ids) between 2 and 10),
    constraint product_comparisons_investment_amount_check check (investment_amount > 0),
    constraint product_comparisons_horizon_check check (horizon_months between 1 and 1200),
    constraint product_comparisons_currency_check check (currency ~ '^[A-Z]{3}$')
);
create index idx_product_comparisons_user_id
    on products.product_comparisons (tenant_id, user_id, comparison_date desc, comparison_id desc);
create index idx_product_comparisons_date
    on products.product_comparisons (tenant_id, comparison_date desc, comparison_id desc);
create index idx_product_comparisons_session_id on products.product_comparisons (tenant_id, session_id);

-- C0-16: the truth behind the array, with a key that must exist and the figures as shown.
create table products.product_comparison_items (
    tenant_id uuid not null,
    comparison_id uuid not null,
    product_id uuid not null,
    rank smallint,
    product_version bigint not null,
    rate_history_id uuid,
    base_rate numeric(8,4),
    bonus_rate numeric(8,4),
    constraint product_comparison_items_pkey primary key (tenant_id, comparison_id, product_id),
    constraint product_comparison_items_comparison_fkey foreign key (tenant_id, comparison_id)
        references products.product_comparisons (tenant_id, comparison_id),
    constraint product_comparison_items_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint product_comparison_items_rank_check check (rank between 1 and 10)
);
create index idx_product_comparison_items_product_id on products.product_comparison_items (tenant_id, product_id);

-- One run over one file, which can stop anywhere and go on at next_line (S0-135 … S0-138).
create table products.imports (
    tenant_id uuid not null,
    import_id uuid not null default gen_random_uuid(),
    kind text not null,
    file_name text,
    file_sha256 bytea not null,
    format text not null,
    dry_run boolean not null default false,
    status text not null default 'running',
    next_line bigint not null default 1,
    rows_total bigint not null default 0,
    rows_created bigint not null default 0,
    rows_updated bigint not null default 0,
    rows_unchanged bigint not null default 0,
    rows_failed bigint not null default 0,
    options jsonb not null default '{}',
    started_at timestamptz not null default current_timestamp,
    finished_at timestamptz,
    created_by varchar(255) not null,
    created_by_user_id uuid,
    version bigint not null default 1,
    constraint imports_pkey primary key (tenant_id, import_id),
    constraint imports_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint imports_kind_check check (kind in ('products', 'rates')),
    constraint imports_format_check check (format in ('csv', 'ndjson')),
    constraint imports_status_check check (status in ('running', 'finished', 'failed', 'cancelled')),
    constraint imports_rows_check check (
        next_line > 0 and least(rows_total, rows_created, rows_updated, rows_unchanged, rows_failed) >= 0)
);
create unique index idx_imports_running on products.imports (tenant_id, kind, file_sha256, format)
    where status = 'running' and not dry_run;
create index idx_imports_started_at on products.imports (tenant_id, started_at desc, import_id desc);

create table products.import_errors (
    tenant_id uuid not null,
    import_id uuid not null,
    line bigint not null,
    ordinal smallint not null default 1,
    column_name text,
    code text not null,
    message text not null,
    constraint import_errors_pkey primary key (tenant_id, import_id, line, ordinal),
    constraint import_errors_import_fkey foreign key (tenant_id, import_id)
        references products.imports (tenant_id, import_id)
);

do $$
declare
    v_table text;
begin
    foreach v_table in array array['products', 'annuity_terms', 'cd_terms', 'product_versions', 'terms_versions',
        'product_availability', 'product_comparisons', 'product_comparison_items', 'imports', 'import_errors'] loop
        execute format('alter table products.%I enable row level security, force row level security', v_table);
    end loop;
end
$$;
