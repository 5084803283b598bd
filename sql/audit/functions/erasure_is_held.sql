-- Whether a hold keeps all that the audit log says of a person. One may keep single events beside (audit.event_holds).
create or replace function audit.erasure_is_held(p_tenant_id uuid, p_person_id uuid)
returns boolean
language sql
set search_path = pg_catalog, pg_temp
as $$
    select audit.person_is_held(p_person_id) or exists (
        select from audit.holds_on(p_tenant_id, 'audit.audit_events', '', jsonb_build_object('actor_id', p_person_id)))
$$;
