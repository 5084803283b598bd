set local role wealth_owner;

-- The stored answer to a write, so that a client which lost the answer can ask again without a second effect.
create table platform.idempotency_keys (
    tenant_id uuid not null,
    user_id uuid not null,
    key text not null,
    operation text not null,
    fingerprint bytea not null,
    status integer,
    headers jsonb,
    body bytea,
    created_at timestamptz not null default current_timestamp,
    expires_at timestamptz not null default current_timestamp + interval '24 hours',
    constraint idempotency_keys_pkey primary key (tenant_id, user_id, key),
    constraint idempotency_keys_tenant_fkey foreign key (tenant_id) references tenants.tenants (tenant_id),
    constraint idempotency_keys_key_check check (length(key) between 1 and 255),
    constraint idempotency_keys_status_check check (status between 100 and 599)
);
create index idx_idempotency_keys_expires_at on platform.idempotency_keys (expires_at);

alter table platform.idempotency_keys enable row level security;
alter table platform.idempotency_keys force row level security;
