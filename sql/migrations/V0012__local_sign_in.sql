set local role wealth_owner;

-- A window that slides: the hits of the window before fade out while this one passes.
alter table users.throttles add column if not exists previous_hits integer not null default 0;

-- Mail on its way out, written in the transaction that it speaks of: it is neither lost nor sent for what did not happen.
-- The link's token is ciphertext; a sent mail is deleted. Without a recipient there is nothing to send: such a row makes
-- an unknown address cost what a known one does.
create table users.mail_queue (
    mail_id uuid not null default gen_random_uuid(),
    kind text not null,
    recipient text,
    facts jsonb not null default '{}',
    sealed bytea,
    created_at timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts integer not null default 0,
    failed_at timestamptz,
    last_error text,
    constraint mail_queue_pkey primary key (mail_id),
    constraint mail_queue_kind_check check (kind ~ '^[a-z_]{1,40}$'),
    constraint mail_queue_recipient_check check (length(recipient) between 3 and 320),
    constraint mail_queue_facts_check check (jsonb_typeof(facts) = 'object')
);
create index idx_mail_queue_due on users.mail_queue (next_attempt_at) where failed_at is null;
alter table users.mail_queue enable row level security;
alter table users.mail_queue force row level security;

-- Which schemes are in use, answered from the index: what an unknown address must cost depends on it.
create index idx_password_credentials_scheme on users.password_credentials (substr(hash, 1, 7));
