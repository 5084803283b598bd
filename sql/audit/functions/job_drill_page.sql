-- What the table of a rehearsal has of a log, in the order of the leaves, at most p_limit behind p_after: read like the
-- log itself (audit.job_archive_page), so that it can be held against what was sealed. A leaf without its event comes
-- without one. The table is new and has no statistics: what is not by its key would read all of it for each page.
create or replace function audit.job_drill_page(p_tenant_id uuid, p_month date, p_after bigint, p_limit integer)
returns table (
    leaf_index bigint, leaf_hash bytea, leaf_event_id uuid, event_id uuid, tenant_id uuid, occurred_at timestamptz,
    recorded_at timestamptz, actor_id uuid, actor_type text, actor_label text, action text, legacy_action text,
    resource_type text, resource_id text, old_values text, new_values text, details text, ip_address text,
    user_agent text, session_id uuid, session_ref text, request_id uuid, transaction_name text, outcome text,
    reason text, purpose text, salt uuid, actor_commitment bytea, content_commitment bytea, actor_key bytea,
    content_key bytea, erasures uuid[])
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set enable_seqscan = off
as $$
begin
    perform set_config('app.current_tenant_id', p_tenant_id::text, true);
    return query execute format($q$
    select l.leaf_index, null::bytea, l.event_id, e.event_id, e.tenant_id, e.occurred_at, e.recorded_at, e.actor_id,
           e.actor_type, e.actor_label, e.action, e.legacy_action::text, e.resource_type, e.resource_id,
           e.old_values::text, e.new_values::text, e.details::text, abbrev(e.ip_address), e.user_agent, e.session_id,
           e.session_ref, e.request_id, e.transaction_name, e.outcome, e.reason, e.purpose, e.salt,
           e.actor_commitment, e.content_commitment, e.actor_key, e.content_key, e.erasures
      from (select x.tenant_id, x.leaf_index, x.event_id, x.occurred_at from audit.log_leaves x
             where x.tenant_id = $1 and x.leaf_index > $2
               and x.occurred_at >= $4 and x.occurred_at < $5
             order by x.leaf_index limit $3) l
      left join lateral (
        select x.* from audit.%I x
         where x.tenant_id = l.tenant_id and x.event_id = l.event_id and x.occurred_at = l.occurred_at limit 1) e on true
     order by l.leaf_index$q$, audit.drill_table(p_month))
    using p_tenant_id, p_after, p_limit, p_month::timestamptz, (p_month + interval '1 month')::timestamptz;
end
$$;
