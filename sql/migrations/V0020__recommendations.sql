set local role wealth_owner;

-- What was recommended to a consumer and on what ground (NAIC Model #275 §6), sealed by the comparison it rests on. The
-- record is kept as the exact text that was shown; nothing of it is ever changed.
create table products.recommendations (
    tenant_id uuid not null,
    recommendation_id uuid not null default gen_random_uuid(),
    comparison_id uuid not null,
    product_id uuid not null,
    user_id uuid not null,
    client_reference varchar(200) not null,
    is_replacement boolean not null,
    record text not null,
    -- Of the comparison's answer as it was then, and of that digest followed by the record.
    comparison_sha256 bytea not null,
    record_sha256 bytea not null,
    created_at timestamptz not null default current_timestamp,
    created_by varchar(255) not null,
    constraint recommendations_pkey primary key (tenant_id, recommendation_id),
    constraint recommendations_user_key unique (tenant_id, recommendation_id, user_id),
    -- Only what was compared can be recommended.
    constraint recommendations_item_fkey foreign key (tenant_id, comparison_id, product_id)
        references products.product_comparison_items (tenant_id, comparison_id, product_id),
    constraint recommendations_member_fkey foreign key (tenant_id, user_id)
        references users.memberships (tenant_id, user_id),
    constraint recommendations_client_reference_check check (length(client_reference) > 0),
    constraint recommendations_sha256_check check (length(comparison_sha256) = 32 and length(record_sha256) = 32)
);
create index idx_recommendations_item on products.recommendations (tenant_id, comparison_id, product_id);
create index idx_recommendations_user_id on products.recommendations (tenant_id, user_id, recommendation_id desc);

-- The second person's word. One for each recommendation, never the recommender's, for ever.
create table products.recommendation_decisions (
    tenant_id uuid not null,
    recommendation_id uuid not null,
    recommended_by_user_id uuid not null,
    decision text not null,
    reason text,
    decided_at timestamptz not null default current_timestamp,
    decided_by varchar(255) not null,
    decided_by_user_id uuid not null,
    constraint recommendation_decisions_pkey primary key (tenant_id, recommendation_id),
    constraint recommendation_decisions_recommendation_fkey
        foreign key (tenant_id, recommendation_id, recommended_by_user_id)
        references products.recommendations (tenant_id, recommendation_id, user_id),
    constraint recommendation_decisions_member_fkey foreign key (tenant_id, decided_by_user_id)
        references users.memberships (tenant_id, user_id),
    constraint recommendation_decisions_decision_check check (decision in ('approved', 'refused')),
    constraint recommendation_decisions_reason_check check (decision = 'approved' or length(reason) > 0),
    constraint recommendation_decisions_four_eyes_check check (decided_by_user_id <> recommended_by_user_id)
);
create index idx_recommendation_decisions_recommendation
    on products.recommendation_decisions (tenant_id, recommendation_id, recommended_by_user_id);
create index idx_recommendation_decisions_decided_by
    on products.recommendation_decisions (tenant_id, decided_by_user_id);

alter table products.recommendations enable row level security, force row level security;
alter table products.recommendation_decisions enable row level security, force row level security;
