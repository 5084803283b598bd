-- Firms :first to :last with a thousand members each, laid down member by member across firms, so that a firm's rows lie
-- apart: a person, a membership that came by SCIM, one or two roles, a sign-in at the firm's Okta, a session that lives
-- and one that ended, a place in one of ten groups, and an action in the audit log.
create temporary table made on commit drop as
select f.i as f, n.i as n, ('00000000-0000-7000-8001-' || lpad(to_hex(f.i), 12, '0'))::uuid as tenant_id,
       gen_random_uuid() as user_id, ('00000000-0000-7000-8002-' || lpad(to_hex(f.i * 16 + n.i % 10), 12, '0'))::uuid as group_id
  from generate_series(1, 1000) n(i), generate_series(:first, :last) f(i)
 order by n.i, f.i;

insert into tenants.tenants (tenant_id, name)
select distinct tenant_id, 'Firm ' || f from made;
insert into users.users (user_id, email, first_name, last_name, display_name, is_active, legacy_id)
select user_id, 'member-' || n || '@firm-' || f || '.test', 'Ada', 'Number ' || n, 'Ada Number ' || n, n % 20 <> 0,
       'legacy-' || f || '-' || n from made;
insert into users.memberships (tenant_id, user_id, status, user_name, external_id, scim, origin, updated_at)
select tenant_id, user_id, case when n % 50 = 0 then 'suspended' else 'active' end, 'member-' || n, 'external-' || n,
       jsonb_build_object('emails', jsonb_build_array(jsonb_build_object(
           'value', 'member-' || n || '@firm-' || f || '.test', 'primary', true))), 'scim',
       timestamptz '2026-01-01' + n * interval '1 hour' from made;
insert into users.user_roles (tenant_id, user_id, role_name, effective_from, assigned_by)
select tenant_id, user_id, 'SalesRepresentative', timestamptz '2026-01-01Z', 'bench' from made
union all select tenant_id, user_id, 'SalesManager', '2026-01-01Z', 'bench' from made where n % 10 = 3;
insert into users.user_identities (user_id, provider, issuer, subject)
select user_id, 'okta', 'https://firm-' || f || '.okta.test', 'subject-' || n from made;
insert into users.user_sessions (
    tenant_id, user_id, ip_address, user_agent, login_time, last_activity, expires_at, absolute_expires_at, revoked_at,
    refresh_token_hash)
select tenant_id, user_id, '203.0.113.7', 'bench', at, at, '2027-01-01Z', '2027-01-01Z', ended, sha256(user_id::text::bytea || k::text::bytea)
  from made, (values (1, timestamptz '2026-11-01Z', timestamptz '2026-11-02Z'), (2, '2026-11-20Z', null)) s(k, at, ended);
insert into users.groups (tenant_id, group_id, display_name, external_id)
select distinct tenant_id, group_id, 'Group ' || n % 10, 'group-' || n % 10 from made;
insert into users.group_members (tenant_id, group_id, user_id) select tenant_id, group_id, user_id from made;
insert into audit.audit_events (tenant_id, actor_id, actor_type, action, resource_type)
select tenant_id, user_id, 'user', 'bench', 'bench' from made;
