-- Whether a hold may keep what the archive says of a person. An event that has left the database can be asked for its id
-- and for whose keys close it, and for nothing else: of a hold over anything but an event or a person it is taken to be
-- covered.
create or replace function audit.archive_is_held(p_tenant_id uuid, p_person_id uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from audit.subject_keys k
          join audit.subject_key_uses u on u.tenant_id = k.tenant_id and u.key_id = k.key_id
          join audit.archive_months m on m.month = u.month and m.state in ('detached', 'dropped', 'restoring')
          join audit.legal_hold_scopes s on s.tenant_id = k.tenant_id
          join audit.legal_holds h on h.tenant_id = s.tenant_id and h.hold_id = s.hold_id and h.status <> 'released'
         where k.tenant_id = p_tenant_id and k.subject_id = p_person_id and k.destroyed_at is null
           and case
               when s.kind = 'person' then exists (
                    select from audit.subject_keys o
                      join audit.subject_key_uses w on w.tenant_id = o.tenant_id and w.key_id = o.key_id
                     where o.tenant_id = k.tenant_id and o.subject_id = s.person_id
                       and w.month = u.month and w.part = u.part and w.leaves && u.leaves)
               when s.kind = 'record' and s.table_name = 'audit.audit_events' then exists (
                    select from audit.log_leaves l
                     where l.tenant_id = k.tenant_id and l.event_id::text = s.record_id and l.leaf_index = any (u.leaves))
               else true end)
$$;
