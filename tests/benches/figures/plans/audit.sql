-- Ten firms with a thousand events for each of :first to :last, spread over the 84 months of seven years: one in a
-- thousand failed, one in five thousand was a deletion, a call did two.
select audit.ensure_partitions('2019-12-01', 84);
insert into tenants.tenants (tenant_id, name)
select ('00000000-0000-7000-8001-' || lpad(to_hex(f), 12, '0'))::uuid, 'Firm ' || f from generate_series(1, 10) f
on conflict do nothing;
insert into audit.audit_events (
    tenant_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action, legacy_action, resource_type, resource_id,
    new_values, request_id, outcome)
select ('00000000-0000-7000-8001-' || lpad(to_hex(f), 12, '0'))::uuid, at, at,
       ('00000000-0000-7000-9000-' || lpad(to_hex(n % 50), 12, '0'))::uuid, 'user', 'Ada', kind || '.updated',
       case when n % 5000 = 0 then 'DELETE' else 'UPDATE' end, kind, md5((n / 20)::text)::uuid::text, '{"base_rate": 4.1}',
       md5(f || ' ' || n / 2)::uuid, case when n % 1000 = 0 then 'failure' else 'success' end
  from generate_series((:first - 1) * 1000 + 1, :last * 1000) n, generate_series(1, 10) f,
       lateral (select timestamptz '2019-12-01Z' + (n * 7919::bigint % 61343) * interval '1 hour' + f * interval '1 minute'
                       + n * interval '1 microsecond' as at, (array['products', 'rates', 'users', 'groups'])[1 + n % 4] as kind) x
 order by n, f;
