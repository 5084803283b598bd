-- audit.list: a page of the log, newest first. $1 own: only what the reader did boolean, $2 actor_id uuid, $3 action
-- text, canonical or documented, $4 resource_type text, $5 resource_id text, $6 outcome text, $7 from timestamptz,
-- $8 to timestamptz (not included), $9 request_id uuid, $10-$11 cursor: occurred_at timestamptz, event_id uuid,
-- $12 limit bigint
select e.event_id, e.tenant_id, e.occurred_at, e.recorded_at, e.actor_id, e.actor_type, e.actor_label, e.action,
       e.legacy_action::text, e.resource_type, e.resource_id, e.old_values::text, e.new_values::text, e.details::text,
       abbrev(e.ip_address) as ip_address, e.user_agent, e.session_id, e.session_ref, e.request_id, e.transaction_name,
       e.outcome, e.reason, e.purpose, e.salt, e.actor_commitment, e.content_commitment, e.actor_key, e.content_key, e.erasures
  from audit.audit_events e
 where e.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and (not $1::boolean or e.actor_id = (select platform.current_user_id()))
   and ($2::uuid is null or e.actor_id = $2)
   and ($3::text is null
        or case when $3 in ('INSERT', 'UPDATE', 'DELETE') then e.legacy_action = $3
                else e.action = audit.canonical_action($3) end)
   and ($4::text is null or e.resource_type = $4)
   and ($5::text is null or e.resource_id = $5)
   and ($6::text is null or e.outcome = $6)
   and ($7::timestamptz is null or e.occurred_at >= $7)
   and ($8::timestamptz is null or e.occurred_at < $8)
   and ($9::uuid is null or e.request_id = $9)
   and ($10::timestamptz is null or e.occurred_at <= $10 and (e.occurred_at, e.event_id) < ($10, $11::uuid))
 order by e.occurred_at desc, e.event_id desc
 limit $12::bigint
