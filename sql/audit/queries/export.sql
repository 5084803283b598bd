-- audit.export: a stretch of the log in the order of its leaves; a leaf whose event is gone comes without one.
-- $1 after leaf_index bigint (NULL: from the start), $2 limit bigint, $3 how many bytes of values are enough bigint
select s.* from (
select l.leaf_index, substring(t.hashes from (l.leaf_index % 256)::integer * 32 + 1 for 32) as leaf_hash,
       l.event_id as leaf_event_id, e.event_id, e.tenant_id, e.occurred_at, e.recorded_at, e.actor_id, e.actor_type, e.actor_label, e.action,
       e.legacy_action::text, e.resource_type, e.resource_id, e.old_values::text, e.new_values::text, e.details::text,
       abbrev(e.ip_address) as ip_address, e.user_agent, e.session_id, e.session_ref, e.request_id, e.transaction_name,
       e.outcome, e.reason, e.purpose, e.salt, e.actor_commitment, e.content_commitment, e.actor_key, e.content_key, e.erasures,
       octet_length(concat(e.old_values, e.new_values, e.details)) as bytes,
       sum(octet_length(concat(e.old_values, e.new_values, e.details))) over (order by l.leaf_index) as bytes_upto
  from (select x.tenant_id, x.leaf_index, x.event_id, x.occurred_at from audit.log_leaves x
         where x.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
           and ($1::bigint is null or x.leaf_index > $1)
         order by x.leaf_index limit $2::bigint) l
  left join audit.log_tiles t on t.tenant_id = l.tenant_id and t.level = 0 and t.tile_index = l.leaf_index / 256
  left join audit.audit_events e
    on e.tenant_id = l.tenant_id and e.event_id = l.event_id and e.occurred_at = l.occurred_at
) s
 where s.bytes_upto - s.bytes < $3::bigint
 order by s.leaf_index
