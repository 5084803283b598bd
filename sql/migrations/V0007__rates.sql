set local role wealth_owner;

-- Where rates come from. The larger precedence wins: a source never overwrites the row of a stronger one (S0-139).
create table rates.rate_feeds (
    tenant_id uuid not null,
    source text not null,
    name text,
    precedence integer not null default 100,
    -- Largest change taken without a second person, in percentage points; NULL: the tenant's.
    tolerance numeric(8,4),
    is_active boolean not null default true,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint rate_feeds_pkey primary key (tenant_id, source),
    constraint rate_feeds_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint rate_feeds_source_check check (source ~ '^[a-z0-9][a-z0-9._-]{0,63}$'
        and source not in ('manual', 'import')),
    constraint rate_feeds_precedence_check check (precedence between 0 and 1000000),
    constraint rate_feeds_tolerance_check check (tolerance >= 0)
);

create table rates.rate_settings (
    tenant_id uuid not null,
    -- Four eyes above this change, in percentage points; NULL: never.
    tolerance numeric(8,4),
    -- How strong a rate set by hand or by import is against feeds.
    manual_precedence integer not null default 0,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 1,
    constraint rate_settings_pkey primary key (tenant_id),
    constraint rate_settings_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint rate_settings_tolerance_check check (tolerance >= 0),
    constraint rate_settings_manual_precedence_check check (manual_precedence between 0 and 1000000)
);

create table rates.feed_batches (
    tenant_id uuid not null,
    batch_id uuid not null default gen_random_uuid(),
    source text not null,
    external_batch_id text not null,
    fingerprint bytea not null,
    received_at timestamptz not null default clock_timestamp(),
    received_by varchar(255),
    received_by_user_id uuid,
    rows_total integer not null default 0,
    rows_applied integer not null default 0,
    rows_unchanged integer not null default 0,
    rows_duplicate integer not null default 0,
    rows_quarantined integer not null default 0,
    rows_rejected integer not null default 0,
    response jsonb,
    constraint feed_batches_pkey primary key (tenant_id, batch_id),
    constraint feed_batches_external_key unique (tenant_id, source, external_batch_id),
    constraint feed_batches_feed_fkey foreign key (tenant_id, source) references rates.rate_feeds (tenant_id, source),
    constraint feed_batches_external_batch_id_check check (length(external_batch_id) between 1 and 255)
);

-- Every proposal that a person or a second person decides on, and every change a person made: who, what, from what.
create table rates.rate_changes (
    tenant_id uuid not null,
    change_id uuid not null default gen_random_uuid(),
    product_id uuid not null,
    base_rate numeric(8,4) not null,
    bonus_rate numeric(8,4) not null,
    effective_date date not null,
    end_date date,
    previous_base_rate numeric(8,4),
    previous_bonus_rate numeric(8,4),
    origin text not null,
    source text,
    batch_id uuid,
    external_id text,
    status text not null,
    reason text,
    quarantine_reason text,
    proposed_at timestamptz not null default clock_timestamp(),
    proposed_by varchar(255) not null,
    proposed_by_user_id uuid,
    decided_at timestamptz,
    decided_by varchar(255),
    decided_by_user_id uuid,
    decision_note text,
    version bigint not null default 1,
    constraint rate_changes_pkey primary key (tenant_id, change_id),
    constraint rate_changes_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint rate_changes_batch_fkey foreign key (tenant_id, batch_id)
        references rates.feed_batches (tenant_id, batch_id),
    constraint rate_changes_rates_check check (base_rate between 0 and 100 and bonus_rate between 0 and 100),
    constraint rate_changes_period_check check (end_date >= effective_date),
    constraint rate_changes_origin_check check (origin in ('manual', 'feed', 'import')),
    constraint rate_changes_status_check check (status in ('applied', 'unchanged', 'pending', 'approved', 'rejected')),
    constraint rate_changes_quarantine_check check (quarantine_reason in ('out_of_tolerance', 'conflict')),
    -- Four eyes hold in the data too, whatever code asks.
    constraint rate_changes_four_eyes_check check (
        status <> 'approved' or (decided_by_user_id is not null
                                 and decided_by_user_id is distinct from proposed_by_user_id))
);
create index idx_rate_changes_product_id on rates.rate_changes (tenant_id, product_id, change_id desc);
create index idx_rate_changes_status on rates.rate_changes (tenant_id, status, change_id desc);
create index idx_rate_changes_batch_id on rates.rate_changes (tenant_id, batch_id) where batch_id is not null;

-- Rates in two times (S0-32 … S0-38): effective_date to end_date is when a rate holds (both inclusive, NULL open),
-- recorded_at to superseded_at is when we believed it. Rows are never changed, only superseded, and never deleted
-- (S0-134): a correction adds rows, so that what was shown last month can be shown again.
create table rates.rate_history (
    tenant_id uuid not null,
    rate_history_id uuid not null default gen_random_uuid(),
    product_id uuid not null,
    base_rate numeric(8,4) not null,
    bonus_rate numeric(8,4) not null default 0.0000,
    effective_date date not null,
    end_date date,
    valid daterange not null generated always as (daterange(effective_date, end_date, '[]')) stored,
    recorded_at timestamptz not null default clock_timestamp(),
    superseded_at timestamptz,
    source text not null default 'manual',
    external_id text,
    batch_id uuid,
    change_id uuid,
    -- The row this one is the rest of, when a change cut it.
    derived_from uuid,
    reason text,
    approved_by varchar(255),
    created_at timestamptz not null default current_timestamp,
    created_by varchar(255) not null,
    created_by_user_id uuid,
    constraint rate_history_pkey primary key (tenant_id, rate_history_id),
    constraint rate_history_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint rate_history_batch_fkey foreign key (tenant_id, batch_id)
        references rates.feed_batches (tenant_id, batch_id),
    constraint rate_history_change_fkey foreign key (tenant_id, change_id)
        references rates.rate_changes (tenant_id, change_id),
    constraint rate_history_rates_check check (base_rate between 0 and 100 and bonus_rate between 0 and 100),
    constraint rate_history_period_check check (end_date >= effective_date),
    -- One way only to say "open": NULL. 'infinity' would be a second one (rules of range types).
    constraint rate_history_finite_check check (isfinite(effective_date) and isfinite(end_date)),
    constraint rate_history_superseded_check check (superseded_at >= recorded_at),
    constraint rate_history_no_overlap exclude using gist (
        tenant_id with =, product_id with =, valid with &&) where (superseded_at is null)
        deferrable initially immediate
);
create index idx_rate_history_product_id on rates.rate_history (tenant_id, product_id, effective_date desc);
create index idx_rate_history_dates on rates.rate_history (tenant_id, effective_date, end_date);
create index idx_rate_history_batch_id on rates.rate_history (tenant_id, batch_id) where batch_id is not null;
create index idx_rate_history_change_id on rates.rate_history (tenant_id, change_id) where change_id is not null;

-- What each delivered rate came to: the memory that makes a second delivery harmless.
create table rates.feed_rates (
    tenant_id uuid not null,
    source text not null,
    external_id text not null,
    batch_id uuid not null,
    cusip text not null,
    product_id uuid,
    base_rate numeric(8,4),
    bonus_rate numeric(8,4),
    effective_date date,
    end_date date,
    outcome text not null,
    code text,
    change_id uuid,
    constraint feed_rates_pkey primary key (tenant_id, source, external_id),
    constraint feed_rates_batch_fkey foreign key (tenant_id, batch_id)
        references rates.feed_batches (tenant_id, batch_id),
    constraint feed_rates_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint feed_rates_change_fkey foreign key (tenant_id, change_id)
        references rates.rate_changes (tenant_id, change_id),
    constraint feed_rates_outcome_check check (outcome in ('applied', 'unchanged', 'quarantined', 'rejected'))
);
create index idx_feed_rates_batch_id on rates.feed_rates (tenant_id, batch_id);
create index idx_feed_rates_product_id on rates.feed_rates (tenant_id, product_id);
create index idx_feed_rates_change_id on rates.feed_rates (tenant_id, change_id) where change_id is not null;

do $$
declare
    v_table text;
begin
    foreach v_table in array array['rate_feeds', 'rate_settings', 'feed_batches', 'rate_changes', 'rate_history',
        'feed_rates'] loop
        execute format('alter table rates.%I enable row level security, force row level security', v_table);
    end loop;
end
$$;
