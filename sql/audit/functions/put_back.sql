-- Puts events of the archive into a table beside the log. They carry the lowest transaction number there is: sealing,
-- which goes by it, is past them. p_rows: a JSON array, as text, because its numbers must stay as they are. Inner part of
-- restoring and of its rehearsal.
create or replace function audit.put_back(p_table text, p_rows text)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows bigint;
begin
    execute format('insert into audit.%I (event_id, tenant_id, occurred_at, recorded_at, actor_id, actor_type,
            actor_label, action, legacy_action, resource_type, resource_id, old_values, new_values, details,
            ip_address, user_agent, session_id, session_ref, request_id, transaction_name, outcome, reason, purpose,
            salt, actor_commitment, content_commitment, actor_key, content_key, erasures, xact)
        select r.event_id, r.tenant_id, r.occurred_at, r.recorded_at, r.actor_id, r.actor_type, r.actor_label,
               r.action, r.legacy_action, r.resource_type, r.resource_id, r.old_values, r.new_values, r.details,
               r.ip_address, r.user_agent, r.session_id, r.session_ref, r.request_id, r.transaction_name, r.outcome,
               r.reason, r.purpose, r.salt, decode(r.erased ->> ''actor'', ''base64''),
               decode(r.erased ->> ''content'', ''base64''), decode(r.erased ->> ''actor_key'', ''base64''),
               decode(r.erased ->> ''content_key'', ''base64''),
               (select array_agg(x::uuid) from jsonb_array_elements_text(r.erased -> ''erasures'') x), ''3''::xid8
          from jsonb_to_recordset($1::jsonb) as r(
               event_id uuid, tenant_id uuid, occurred_at timestamptz, recorded_at timestamptz, actor_id uuid,
               actor_type text, actor_label text, action text, legacy_action varchar(50), resource_type text,
               resource_id text, old_values jsonb, new_values jsonb, details jsonb, ip_address inet, user_agent text,
               session_id uuid, session_ref text, request_id uuid, transaction_name text, outcome text, reason text,
               purpose text, salt uuid, erased jsonb)', p_table) using p_rows;
    get diagnostics v_rows = row_count;
    return v_rows;
end
$$;
