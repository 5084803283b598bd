-- An event stays as it was recorded, for every role. The one exception takes something away and adds nothing: a part that
-- tells about people becomes its commitment, under an erasure request that two people agreed on (docs/adr/0015), and while
-- no hold keeps the event. Holds that are just being placed are waited for.
create or replace function audit.events_guard()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts constant text[] := '{actor_label,ip_address,user_agent,session_ref,old_values,new_values,details,reason,salt,
        actor_commitment,content_commitment,actor_key,content_key,erasures}';
    v_request audit.erasure_requests;
begin
    if tg_op = 'UPDATE' then
        perform audit.lock_holds(old.tenant_id, false);
        select * into v_request from audit.erasure_requests r
         where r.tenant_id = old.tenant_id and r.erasure_id = new.erasures[cardinality(new.erasures)]
           and r.status = 'executing';
        if found and new.erasures is not distinct from coalesce(old.erasures, '{}') || v_request.erasure_id
           and to_jsonb(old) - v_parts = to_jsonb(new) - v_parts
           and (new.actor_commitment is not null and old.actor_commitment is null
                or (new.actor_label, new.ip_address, new.user_agent, new.session_ref, new.actor_commitment)
                   is not distinct from
                   (old.actor_label, old.ip_address, old.user_agent, old.session_ref, old.actor_commitment))
           and (new.content_commitment is not null and old.content_commitment is null
                or (new.old_values, new.new_values, new.details, new.reason, new.content_commitment)
                   is not distinct from
                   (old.old_values, old.new_values, old.details, old.reason, old.content_commitment))
           and not exists (select from audit.event_holds(old)) then
            return new;
        end if;
    end if;
    raise exception using errcode = 'WA403', message = format('%s.%s is append-only: %s is refused',
        tg_table_schema, tg_table_name, tg_op), detail = '{"code": "append_only"}';
end
$$;
