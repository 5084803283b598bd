-- What holds for everything in our schemas, however much comes later. Each rule is one query that gives a line for
-- every object that breaks it; {ours} stands for the list of our schemas.

-- rule: every tenant table and every partition has row security, forced
select c.oid::regclass::text
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours}
   and not (c.relrowsecurity and c.relforcerowsecurity);

-- rule: every table without a tenant column is known to have none
select c.oid::regclass::text
  from pg_class c
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours}
   and not exists (select from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
   and c.oid::regclass::text not in (
        'users.users', 'users.user_identities', 'users.roles', 'users.password_credentials', 'users.password_history',
        'users.security_questions', 'users.mfa_settings', 'users.totp_factors', 'users.recovery_codes',
        'users.webauthn_credentials', 'users.one_time_tokens', 'users.throttles', 'users.user_profiles',
        'users.signing_keys', 'users.mail_queue', 'audit.archive_settings', 'audit.archive_months', 'audit.archive_drills',
        'audit.retention_classes', 'audit.retention_rules', 'audit.retention_tables', 'audit.field_classes',
        'audit.redactions');

-- rule: every tenant table has a fence that everybody stands behind, or names each reader with the fence inside
select c.oid::regclass::text
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours}
   and not exists (
        select from pg_policy p
         where p.polrelid = c.oid and not p.polpermissive and p.polcmd in ('*', 'r') and p.polroles = '{0}'
           and regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') = '(tenant_id = ( SELECT (NULLIF(current_setting(''app.current_tenant_id''::text, true), ''''::text))::uuid AS "nullif"))')
   and exists (
        select from pg_policy p
         where p.polrelid = c.oid and p.polroles <> array['wealth_owner'::regrole::oid]
           and regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') <> '(tenant_id = ( SELECT (NULLIF(current_setting(''app.current_tenant_id''::text, true), ''''::text))::uuid AS "nullif"))')
union all
select c.oid::regclass::text || ': no policy'
  from pg_class c
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours} and c.relrowsecurity
   and not exists (select from pg_policy p where p.polrelid = c.oid);

-- rule: a fence checks what is written as it checks what is read
select format('%s on %s', p.polname, p.polrelid::regclass)
  from pg_policy p
 where not p.polpermissive and p.polcmd = '*'
   and pg_get_expr(p.polwithcheck, p.polrelid) is distinct from pg_get_expr(p.polqual, p.polrelid);

-- rule: no restrictive policy is aimed at a login, which could drop it on an old server
select format('%s on %s', p.polname, p.polrelid::regclass)
  from pg_policy p
 where not p.polpermissive and p.polroles <> '{0}';

-- rule: nobody reaches a partition but through its parent
select format('%s: %s', c.oid::regclass, x.grantee::regrole)
  from pg_class c cross join lateral aclexplode(c.relacl) x
 where c.relispartition and c.relkind in ('r', 'p') and x.grantee <> c.relowner
union all
select format('%s is a default partition', i.inhrelid::regclass)
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
 where pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT';

-- rule: a partition carries the triggers of its parent, always on
select format('%s: %s', c.oid::regclass, t.tgname)
  from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_trigger t on t.tgrelid = i.inhparent
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours} and not t.tgisinternal
   and not exists (select from pg_trigger own
                    where own.tgrelid = c.oid and own.tgname = t.tgname and own.tgfoid = t.tgfoid
                      and own.tgtype = t.tgtype and own.tgenabled = 'A');

-- rule: every view reads with the rights of its reader
select c.oid::regclass::text
  from pg_class c
 where c.relkind = 'v' and c.relnamespace::regnamespace::text in {ours}
   and not coalesce('security_invoker=true' = any (c.reloptions), false);

-- rule: there are no materialized views, foreign tables, sequences or large objects
select c.oid::regclass::text from pg_class c
 where c.relkind in ('m', 'f', 'S') and c.relnamespace::regnamespace::text in {ours}
union all
select l.oid::text from pg_largeobject_metadata l;

-- rule: there are no enum types, which no transaction can widen and use
select t.oid::regtype::text from pg_type t
 where t.typtype = 'e' and t.typnamespace::regnamespace::text in {ours};

-- rule: a function with its owner's rights pins its search path
select p.oid::regprocedure::text
  from pg_proc p
 where p.prosecdef and p.pronamespace::regnamespace::text in {ours}
   and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false);

-- rule: everybody may execute nothing of ours
select p.oid::regprocedure::text
  from pg_proc p cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
 where p.pronamespace::regnamespace::text in {ours} and x.grantee = 0;

-- rule: everything belongs to the owner nobody logs in as
select c.oid::regclass::text from pg_class c
 where c.relnamespace::regnamespace::text in {ours} and c.relowner <> 'wealth_owner'::regrole
union all
select p.oid::regprocedure::text from pg_proc p
 where p.pronamespace::regnamespace::text in {ours} and p.proowner <> 'wealth_owner'::regrole
union all
select n.nspname from pg_namespace n
 where n.nspname in {ours} and n.nspowner <> 'wealth_owner'::regrole;

-- rule: no role of ours logs in, is superuser, bypasses row security, or makes roles or databases
select r.rolname from pg_roles r
 where (r.rolname in ('wealth_owner', 'app_read_only', 'app_read_write', 'app_admin', 'application_role', 'adviser_role')
        or r.rolname like '%\_service')
   and (r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication);

-- rule: a login changes no table and creates nothing
select format('%s %s', p.privilege, c.oid::regclass)
  from pg_class c
 cross join (values ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) as p(privilege)
 where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace::regnamespace::text in {ours}
   and has_table_privilege('wealth_test', c.oid, p.privilege)
union all
select format('%s a column of %s', p.privilege, c.oid::regclass)
  from pg_class c cross join (values ('insert'), ('update'), ('references')) as p(privilege)
 where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace::regnamespace::text in {ours}
   and has_any_column_privilege('wealth_test', c.oid, p.privilege)
union all
select 'create in schema ' || n.nspname from pg_namespace n
 where n.nspname !~ '^pg_temp' and has_schema_privilege('wealth_test', n.oid, 'create')
union all
select p.privilege || ' in the database'
  from (values ('create'), ('temporary')) as p(privilege)
 where has_database_privilege('wealth_test', current_database(), p.privilege)
union all
select 'is a member of ' || r from unnest(array['wealth_owner', 'app_admin']) r
 where pg_has_role('wealth_test', r, 'member');

-- rule: nobody may empty, reference or put triggers on a table
select format('%s %s to %s', lower(x.privilege_type), c.oid::regclass, x.grantee::regrole)
  from pg_class c cross join lateral aclexplode(c.relacl) x
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours} and x.grantee <> c.relowner
   and x.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER');

-- rule: every foreign key has an index that leads with its columns
select format('%s of %s', k.conname, k.conrelid::regclass)
  from pg_constraint k
 where k.contype = 'f' and k.connamespace::regnamespace::text in {ours}
   and not exists (
        select from pg_index i
         where i.indrelid = k.conrelid and i.indisvalid
           -- A partial index over the rows that have the key covers every row the key can point from.
           and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$')
           and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey);

-- rule: a key between tenant tables carries the tenant, so that no row can point into another
select format('%s of %s', k.conname, k.conrelid::regclass)
  from pg_constraint k
  join pg_attribute here on here.attrelid = k.conrelid and here.attname = 'tenant_id'
  join pg_attribute there on there.attrelid = k.confrelid and there.attname = 'tenant_id'
 where k.contype = 'f' and k.connamespace::regnamespace::text in {ours}
   and not exists (select from unnest(k.conkey, k.confkey) as c(mine, theirs)
                    where c.mine = here.attnum and c.theirs = there.attnum);

-- rule: nothing is unique across tenants, which would tell what others have
select i.indexrelid::regclass::text
  from pg_index i join pg_class c on c.oid = i.indrelid
  join pg_attribute a on a.attrelid = i.indrelid and a.attname = 'tenant_id' and not a.attisdropped
 where (i.indisunique or i.indisexclusion) and c.relnamespace::regnamespace::text in {ours}
   and not a.attnum = any (i.indkey) and i.indexrelid::regclass::text <> 'tenants.tenants_public_code_key';

-- rule: every table has a primary key whose last part is a UUID, a name or a count within one
select c.oid::regclass::text
  from pg_class c
 where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in {ours}
   and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary);

-- rule: every constraint has a name of its own
select format('%s of %s', k.conname, k.conrelid::regclass)
  from pg_constraint k
 where k.connamespace::regnamespace::text in {ours} and k.contype in ('c', 'x') and not k.conname ~ '^[a-z]'
union all
select format('%s is not valid', k.conname) from pg_constraint k
 where k.connamespace::regnamespace::text in {ours} and not k.convalidated;

-- rule: what guards or records a table runs for everybody, also under session_replication_role
select format('%s on %s', t.tgname, t.tgrelid::regclass)
  from pg_trigger t join pg_proc p on p.oid = t.tgfoid
 where not t.tgisinternal and t.tgenabled <> 'A'
   and (p.pronamespace = 'audit'::regnamespace or p.proname = 'rate_history_guard');

-- rule: what is kept as it was written refuses to be changed, deleted or emptied
select format('%s: %s', t.name, e.event)
  from (values ('audit.audit_events'), ('audit.log_leaves'), ('audit.log_tiles'), ('audit.checkpoints'),
               ('audit.retention_overrides'), ('audit.legal_hold_scopes'),
               ('audit.subject_keys'), ('audit.subject_key_uses'),
               ('products.product_versions'), ('products.terms_versions'),
               ('products.product_comparison_items'), ('products.recommendations'),
               ('products.recommendation_decisions'), ('rates.rate_history')) as t(name)
 cross join (values ('delete', 8), ('update', 16), ('truncate', 32)) as e(event, bit)
 where not exists (select from pg_trigger g
                    where g.tgrelid = t.name::regclass and g.tgtype & e.bit <> 0 and g.tgtype & 2 <> 0
                      and g.tgenabled = 'A');

-- rule: a partition has the fence and the writer of its parent, and no reader
with fences as (
    select p.polrelid, p.polname, p.polpermissive, p.polcmd, p.polroles,
           pg_get_expr(p.polqual, p.polrelid) as reads, pg_get_expr(p.polwithcheck, p.polrelid) as writes
      from pg_policy p
)
select format('%s: %s', i.inhrelid::regclass, f.polname)
  from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind = 'r' join fences f on f.polrelid = i.inhparent
 where (not f.polpermissive or f.polcmd = 'a')
   and not exists (select from fences o
                    where o.polrelid = i.inhrelid and o.polname = f.polname and o.polpermissive = f.polpermissive
                      and o.polcmd = f.polcmd and o.polroles = f.polroles
                      and o.reads is not distinct from f.reads and o.writes is not distinct from f.writes)
union all
select format('%s: %s', i.inhrelid::regclass, o.polname)
  from pg_inherits i join fences o on o.polrelid = i.inhrelid
 where o.polpermissive and o.polcmd <> 'a';
