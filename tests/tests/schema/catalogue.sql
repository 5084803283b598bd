-- Everything in our schemas as one line of text each, in the words of PostgreSQL. What the documents ask for and what
-- keeps tenants apart are both compared with these lines.
with ours as (
    select n.oid, n.nspname from pg_namespace n
     where n.nspname in ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'reporting', 'jobs')
), relations as (
    -- Partitions are spoken for by the rule that holds each of them to its parent.
    select c.oid, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.reloptions, c.relispartition,
           o.nspname || '.' || c.relname as name
      from pg_class c join ours o on o.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
), roles as (
    select r.oid, r.rolname from pg_roles r
     where r.rolname in ('wealth_owner', 'app_read_only', 'app_read_write', 'app_admin', 'application_role',
                         'adviser_role') or r.rolname like '%\_service'
)
select format('column %s.%s %s%s%s', r.name, a.attname, format_type(a.atttypid, a.atttypmod),
              case when a.attnotnull then ' not null' end,
              case when a.attgenerated = 's' then ' generated' || ' ' || pg_get_expr(d.adbin, d.adrelid)
                   when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) end) as line
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
 where r.relkind in ('r', 'p')
union all
select format('index %s', pg_get_indexdef(i.indexrelid)) from relations r join pg_index i on i.indrelid = r.oid
union all
select format('constraint %s.%s %s', r.name, k.conname, pg_get_constraintdef(k.oid))
  from relations r join pg_constraint k on k.conrelid = r.oid and k.contype <> 't'
union all
select format('rls %s %s %s', r.name, case when r.relrowsecurity then 'enabled' else 'disabled' end,
              case when r.relforcerowsecurity then 'forced' else 'unforced' end)
  from relations r where r.relkind in ('r', 'p')
union all
select format('policy %s.%s %s for %s to %s%s%s', r.name, p.polname,
              case when p.polpermissive then 'permissive' else 'restrictive' end,
              case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
                            else 'delete' end,
              (select string_agg(case when x = 0 then 'public' else x::regrole::text end, ', ' order by x)
                 from unnest(p.polroles) x),
              regexp_replace(' using ' || pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g'),
              regexp_replace(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '\s+', ' ', 'g'))
  from relations r join pg_policy p on p.polrelid = r.oid
union all
select format('trigger %s %s', case t.tgenabled when 'A' then 'always' when 'O' then 'enabled' else 'off' end,
              pg_get_triggerdef(t.oid))
  from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
union all
select format('function %s.%s(%s) returns %s %s%s', o.nspname, p.proname, pg_get_function_arguments(p.oid),
              pg_get_function_result(p.oid), case when p.prosecdef then 'definer' else 'invoker' end,
              ' set ' || array_to_string(p.proconfig, ' set '))
  from pg_proc p join ours o on o.oid = p.pronamespace
union all
select format('view %s(%s)%s', r.name,
              (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
                where a.attrelid = r.oid and a.attnum > 0),
              ' with (' || array_to_string(r.reloptions, ', ') || ')')
  from relations r where r.relkind in ('v', 'm')
union all
select format('role %s%s%s%s%s', r.rolname, case when r.rolcanlogin then ' login' else ' nologin' end,
              case when r.rolsuper then ' superuser' end, case when r.rolbypassrls then ' bypassrls' end,
              ' in ' || (select string_agg(m.roleid::regrole::text, ', ' order by m.roleid::regrole::text)
                           from pg_auth_members m where m.member = r.oid))
  from pg_roles r where r.oid in (select oid from roles)
union all
select format('grant %s on %s to %s', string_agg(lower(x.privilege_type), ', ' order by x.privilege_type), r.name,
              case when x.grantee = 0 then 'public' else x.grantee::regrole::text end)
  from relations r cross join lateral aclexplode(r.relacl) x
 where x.grantee <> 'wealth_owner'::regrole
 group by r.name, x.grantee
union all
select format('grant %s on column %s.%s to %s', lower(x.privilege_type), r.name, a.attname,
              case when x.grantee = 0 then 'public' else x.grantee::regrole::text end)
  from relations r join pg_attribute a on a.attrelid = r.oid cross join lateral aclexplode(a.attacl) x
union all
select format('grant execute on %s.%s to %s', o.nspname, p.proname,
              string_agg(case when x.grantee = 0 then 'public' else x.grantee::regrole::text end, ', '
                         order by x.grantee::regrole::text))
  from pg_proc p join ours o on o.oid = p.pronamespace
 cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
 where x.grantee <> 'wealth_owner'::regrole
 group by o.nspname, p.proname, p.oid
union all
select format('grant %s on schema %s to %s', string_agg(lower(x.privilege_type), ', ' order by x.privilege_type),
              o.nspname, case when x.grantee = 0 then 'public' else x.grantee::regrole::text end)
  from ours o join pg_namespace n on n.oid = o.oid cross join lateral aclexplode(n.nspacl) x
 where x.grantee <> 'wealth_owner'::regrole
 group by o.nspname, x.grantee
 order by 1
