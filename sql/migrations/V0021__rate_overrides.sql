set local role wealth_owner;

-- A rate for one account in place of the product's, for a reason and a time. In two times like rate_history:
-- effective_date to end_date is when it holds, recorded_at to superseded_at is when we believed it; what waits for a
-- second person has no recorded_at yet. An end is a new row, so that what was shown can be shown again.
create table rates.rate_overrides (
    tenant_id uuid not null,
    override_id uuid not null default gen_random_uuid(),
    product_id uuid not null,
    account_reference varchar(200) not null,
    base_rate numeric(8,4) not null,
    bonus_rate numeric(8,4) not null default 0.0000,
    effective_date date not null,
    end_date date,
    valid daterange not null generated always as (daterange(effective_date, end_date, '[]')) stored,
    status text not null,
    reason text not null,
    -- The product's own rate on the first day, as it was when this was proposed.
    product_base_rate numeric(8,4),
    product_bonus_rate numeric(8,4),
    proposed_at timestamptz not null default clock_timestamp(),
    proposed_by varchar(255) not null,
    proposed_by_user_id uuid,
    decided_at timestamptz,
    decided_by varchar(255),
    decided_by_user_id uuid,
    decision_note text,
    recorded_at timestamptz,
    superseded_at timestamptz,
    -- The row that this one is the rest of, when it was ended early.
    derived_from uuid,
    version bigint not null default 1,
    constraint rate_overrides_pkey primary key (tenant_id, override_id),
    constraint rate_overrides_product_fkey foreign key (tenant_id, product_id)
        references products.products (tenant_id, product_id),
    constraint rate_overrides_derived_from_fkey foreign key (tenant_id, derived_from)
        references rates.rate_overrides (tenant_id, override_id),
    constraint rate_overrides_account_reference_check check (length(account_reference) > 0),
    constraint rate_overrides_reason_check check (length(reason) > 0),
    constraint rate_overrides_rates_check check (base_rate between 0 and 100 and bonus_rate between 0 and 100),
    constraint rate_overrides_period_check check (end_date >= effective_date),
    constraint rate_overrides_finite_check check (isfinite(effective_date) and isfinite(end_date)),
    constraint rate_overrides_status_check check (status in ('applied', 'pending', 'approved', 'rejected')),
    constraint rate_overrides_recorded_check check ((recorded_at is not null) = (status in ('applied', 'approved'))),
    constraint rate_overrides_superseded_check check (superseded_at >= recorded_at),
    constraint rate_overrides_version_check check (version > 0),
    constraint rate_overrides_four_eyes_check check (
        status <> 'approved' or (decided_by_user_id is not null
                                 and decided_by_user_id is distinct from proposed_by_user_id)),
    constraint rate_overrides_no_overlap exclude using gist (
        tenant_id with =, product_id with =, account_reference with =, valid with &&)
        where (recorded_at is not null and superseded_at is null)
);
create index idx_rate_overrides_account
    on rates.rate_overrides (tenant_id, product_id, account_reference, effective_date desc);
create index idx_rate_overrides_derived_from on rates.rate_overrides (tenant_id, derived_from)
    where derived_from is not null;

alter table rates.rate_overrides enable row level security, force row level security;
