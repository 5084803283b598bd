set local role wealth_owner;

-- S2-29: the partitions have their documented names, audit_events_YYYY_MM; those that were made before take them now.
do $$
declare
    v_old text;
begin
    for v_old in select c.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
                  where i.inhparent = 'audit.audit_events'::regclass and c.relname ~ '^audit_events_y\d{4}m\d{2}$' loop
        execute format('alter table audit.%I rename to %I', v_old, regexp_replace(v_old, '_y(\d{4})m(\d{2})$', '_\1_\2'));
    end loop;
end
$$;

-- What sealing goes by, and what commitments to an event's content are keyed with (docs/adr/0015). Whoever writes an
-- event gives neither: the first is the transaction's own number, the second chance.
alter table audit.audit_events
    add column xact xid8 not null default pg_current_xact_id(),
    add column salt uuid not null default gen_random_uuid();
create index idx_audit_events_to_seal on audit.audit_events (tenant_id, xact, event_id);
-- The log in its order, newest first, without a filter.
create index idx_audit_events_time on audit.audit_events (tenant_id, occurred_at, event_id);

-- The state of a tenant's log: how many leaves it has, and behind which event sealing goes on.
create table audit.logs (
    tenant_id uuid not null,
    size bigint not null default 0,
    sealed_xact xid8 not null default '0',
    sealed_event uuid not null default '00000000-0000-0000-0000-000000000000',
    archived_size bigint not null default 0,
    constraint logs_pkey primary key (tenant_id),
    constraint logs_size_check check (size >= 0 and archived_size between 0 and size)
);

-- Which event is which leaf: each exactly one. No foreign key, for an event leaves with its month when that is archived.
create table audit.log_leaves (
    tenant_id uuid not null,
    leaf_index bigint not null,
    event_id uuid not null,
    occurred_at timestamptz not null,
    constraint log_leaves_pkey primary key (tenant_id, leaf_index),
    constraint log_leaves_event_key unique (tenant_id, event_id),
    constraint log_leaves_index_check check (leaf_index >= 0)
);

-- The tree, cut into tiles of 256 hashes (C2SP tlog-tiles). The last tile of a level grows until it is full.
create table audit.log_tiles (
    tenant_id uuid not null,
    level smallint not null,
    tile_index bigint not null,
    hashes bytea not null,
    constraint log_tiles_pkey primary key (tenant_id, level, tile_index),
    constraint log_tiles_level_check check (level between 0 and 6 and tile_index >= 0),
    constraint log_tiles_hashes_check check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0)
);
-- Hashes do not compress.
alter table audit.log_tiles alter column hashes set storage external;

-- The signed heads (C2SP tlog-checkpoint), with the key that verifies each.
create table audit.checkpoints (
    tenant_id uuid not null,
    size bigint not null,
    root bytea not null,
    note text not null,
    verifier_key text not null,
    sealed_at timestamptz not null default clock_timestamp(),
    constraint checkpoints_pkey primary key (tenant_id, size),
    constraint checkpoints_size_check check (size > 0),
    constraint checkpoints_root_check check (length(root) = 32)
);

alter table audit.logs enable row level security;
alter table audit.logs force row level security;
alter table audit.log_leaves enable row level security;
alter table audit.log_leaves force row level security;
alter table audit.log_tiles enable row level security;
alter table audit.log_tiles force row level security;
alter table audit.checkpoints enable row level security;
alter table audit.checkpoints force row level security;

-- Somebody who reads the whole log and changes nothing.
insert into users.roles (role_name, namespace, rank, description) values
    ('Auditor', 'platform', 60, 'Reads, proves and exports the whole audit log; changes nothing');
