-- A table and a function made as those of the platform are, so that these tests depend on no context.
create schema probe authorization wealth_owner;
set role wealth_owner;
create table probe.notes (
    tenant_id uuid not null,
    id uuid not null,
    body text not null,
    slot integer,
    constraint notes_pkey primary key (tenant_id, id),
    constraint notes_body_check check (body <> ''),
    constraint notes_slot_key unique (tenant_id, slot) deferrable initially deferred
);
alter table probe.notes enable row level security;
alter table probe.notes force row level security;
create policy tenant_fence on probe.notes as restrictive for all to public
    using (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid));
create policy tenant_read on probe.notes for select to app_read_write using (true);
create policy owner_access on probe.notes for all to wealth_owner using (true) with check (true);
create function probe.put(p_id uuid, p_body text, p_slot integer default null) returns uuid
language sql security definer set search_path = pg_catalog, pg_temp
as $$ insert into probe.notes values (platform.require_tenant(), p_id, p_body, p_slot) returning id $$;
grant usage on schema probe to app_read_write;
grant select on probe.notes to app_read_write;
grant execute on function probe.put(uuid, text, integer) to app_read_write;
reset role;
