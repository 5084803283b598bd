-- What the fences do, tried out. Each probe is a block that leaves what is wrong in probe.found; nothing is right.

-- probe: relations
-- Reads every relation of the schemas {schemas} and looks for {needle}, in rows and in error texts.
do $probe$
declare
    r record;
    n bigint;
    found text[] := '{}';
    seen integer := 0;
begin
    for r in select c.oid::regclass::text as name
               from pg_class c join pg_namespace s on s.oid = c.relnamespace
              where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and s.nspname ~ '{schemas}'
                and c.oid::regclass::text not in ({except}) order by 1 loop
        begin
            execute format('select count(*) from (select to_jsonb(x)::text as t from %s x) q where t ~* %L',
                           r.name, '{needle}') into n;
            seen := seen + 1;
            if n > 0 then
                found := found || format('%s: %s rows', r.name, n);
            end if;
        exception when others then
            if sqlerrm ~* '{needle}' then
                found := found || format('%s: %s', r.name, sqlerrm);
            end if;
        end;
    end loop;
    perform set_config('probe.found', array_to_string(found, '; '), true),
            set_config('probe.seen', seen::text, true);
end $probe$;

-- probe: visible
-- How many rows of each relation the reader sees, for comparison with the committed list.
do $probe$
declare
    r record;
    n text;
    found text[] := '{}';
begin
    for r in select c.oid::regclass::text as name
               from pg_class c
              where c.relkind in ('r', 'p', 'v') and not c.relispartition
                and c.relnamespace::regnamespace::text in
                    ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'reporting', 'jobs') order by 1 loop
        begin
            execute format('select count(*) from %s x', r.name) into n;
        exception when insufficient_privilege then
            n := 'refused';
        end;
        found := found || format('{reader} %s %s', r.name, n);
    end loop;
    perform set_config('probe.found', array_to_string(found, E'\n'), true);
end $probe$;

-- probe: writes across the fence
-- The owner's functions act as {mine}: no row may be moved to {theirs}, none of theirs may be changed.
do $probe$
declare
    r record;
    n bigint;
    found text[] := '{}';
begin
    for r in select c.oid::regclass::text as name
               from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
              where c.relkind in ('r', 'p') and not c.relispartition and not a.attisdropped
                and c.relnamespace::regnamespace::text in
                    ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'reporting', 'jobs')
                and c.oid::regclass::text not in ('tenants.tenants', 'users.identity_providers') order by 1 loop
        begin
            execute format('update %s set tenant_id = %L where tenant_id = %L', r.name, '{theirs}', '{mine}');
            get diagnostics n = row_count;
            if n > 0 then
                found := found || format('%s: %s rows moved', r.name, n);
            end if;
        exception
            when insufficient_privilege then null;
            when others then
                if sqlstate not like 'WA%' then
                    found := found || format('%s: moved, but for %s', r.name, sqlerrm);
                end if;
        end;
        begin
            execute format('update %s set tenant_id = tenant_id where tenant_id = %L', r.name, '{theirs}');
            get diagnostics n = row_count;
            execute format('delete from %s where tenant_id = %L', r.name, '{theirs}');
            if n > 0 then
                found := found || format('%s: %s rows changed', r.name, n);
            end if;
        exception when others then
            found := found || format('%s: %s', r.name, sqlerrm);
        end;
    end loop;
    perform set_config('probe.found', array_to_string(found, '; '), true);
end $probe$;

-- probe: audit
-- Insert, update and delete in every recorded table leave an event each, also where triggers are switched off.
do $probe$
declare
    t record;
    e text;
    columns text;
    before bigint;
    after bigint;
    found text[] := '{}';
begin
    set local session_replication_role = replica;
    for t in select * from (values
            ('tenants.tenants', 'legal_name = ''x'''), ('users.users', 'first_name = ''x'''),
            ('users.user_identities', 'provider = ''oidc'''), ('users.memberships', 'status = ''suspended'''),
            ('users.user_roles', 'assigned_by = ''x'''), ('users.identity_providers', 'role_claim = ''x'''),
            ('products.products', 'description = ''x'''), ('products.annuity_terms', 'terms = ''{}'''),
            ('products.cd_terms', 'terms = ''{"term_months":1}'''), ('products.product_availability', 'created_by = ''x'''),
            ('products.imports', 'file_name = ''x'''), ('rates.rate_changes', 'reason = ''x'''),
            ('rates.rate_feeds', 'name = ''x'''), ('rates.rate_settings', 'manual_precedence = 5'),
            ('rates.rate_history', 'superseded_at = clock_timestamp()')) as x(name, change) loop
        select string_agg(quote_ident(a.attname), ', ') into columns
          from pg_attribute a
         where a.attrelid = t.name::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
        execute format('create temp table kept on commit drop as select * from %s x where to_jsonb(x)::text ~* %L %s limit 1',
            t.name, 'canary-a-leak|aaaaaaaa-0000|8000-00000000000a', case when t.name = 'rates.rate_history' then 'and superseded_at is null' else '' end);
        -- A rate is never deleted; everything else goes, comes back and changes.
        foreach e in array case when t.name = 'rates.rate_history' then array['updated', 'inserted']
                                else array['deleted', 'inserted', 'updated'] end loop
            select count(*) into before from audit.audit_events v
             where v.action = split_part(t.name, '.', 2) || '.' || e;
            begin
                if e = 'deleted' then
                    execute format('delete from %1$s x using kept k where to_jsonb(x) = to_jsonb(k)', t.name);
                elsif e = 'updated' then
                    execute format('update %1$s x set %2$s from kept k where to_jsonb(x) = to_jsonb(k)', t.name, t.change);
                else
                    if t.name = 'rates.rate_history' then
                        update kept set rate_history_id = gen_random_uuid();
                    end if;
                    execute format('insert into %1$s (%2$s) select %2$s from kept', t.name, columns);
                end if;
                select count(*) into after from audit.audit_events v
                 where v.action = split_part(t.name, '.', 2) || '.' || e;
                if after <> before + 1 then
                    found := found || format('%s.%s: %s events', t.name, e, after - before);
                end if;
            exception when others then
                found := found || format('%s.%s: %s', t.name, e, sqlerrm);
            end;
        end loop;
        drop table kept;
    end loop;
    set local session_replication_role = origin;
    perform set_config('probe.found', array_to_string(found, '; '), true);
end $probe$;

-- probe: append-only
-- What was written stays, even for a superuser who switches triggers off.
do $probe$
declare
    t record;
    s text;
    found text[] := '{}';
begin
    set local session_replication_role = replica;
    for t in select c.oid::regclass::text as name, a.attname as col
               from pg_class c
               join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
              where c.oid in ('audit.audit_events'::regclass, 'audit.log_leaves'::regclass,
                              'audit.checkpoints'::regclass, 'audit.log_tiles'::regclass, 'products.product_versions'::regclass,
                              'products.terms_versions'::regclass, 'products.product_comparison_items'::regclass,
                              'rates.rate_history'::regclass, 'products.recommendations'::regclass,
                              'products.recommendation_decisions'::regclass)
                 or (c.relispartition and c.relkind = 'r' and c.relnamespace = 'audit'::regnamespace) loop
        foreach s in array array['update %1$s set %2$s = %2$s', 'delete from %1$s', 'truncate %1$s cascade'] loop
            -- An empty partition has no row that a row trigger could refuse.
            continue when s !~ 'truncate' and t.name ~ 'audit_events_\d' and t.name !~ to_char(now() at time zone 'UTC', 'YYYY_MM');
            begin
                execute format(s, t.name, t.col);
                found := found || format(s, t.name, t.col);
            exception when others then
                if sqlstate not like 'WA%' then
                    found := found || format('%s: %s', t.name, sqlerrm);
                end if;
            end;
        end loop;
    end loop;
    set local session_replication_role = origin;
    perform set_config('probe.found', array_to_string(found, '; '), true);
end $probe$;

-- probe: touch and gap
-- A changed row carries the time of the change and the next version; a line of rates cannot be torn.
do $probe$
declare
    found text[] := '{}';
begin
    update products.products set description = 'touched', updated_at = '2000-01-01Z' where search ~ 'canary-a-leak';
    if exists (select from products.products
                where description = 'touched' and (updated_at <> current_timestamp or version < 2)) then
        found := found || 'products.products is not touched'::text;
    end if;
    update users.users set first_name = 'touched', updated_at = '2000-01-01Z' where email ~ 'canary-a-leak';
    if exists (select from users.users
                where first_name = 'touched' and (updated_at <> current_timestamp or version < 2)) then
        found := found || 'users.users is not touched'::text;
    end if;
    begin
        update rates.rate_history set superseded_at = clock_timestamp()
         where created_by ~ 'canary-a-leak' and superseded_at is null and end_date is null;
        set constraints all immediate;
        found := found || 'a line of rates is torn'::text;
    exception when others then
        if sqlerrm !~ 'rate|gap' then
            found := found || sqlerrm;
        end if;
    end;
    perform set_config('probe.found', array_to_string(found, '; '), true);
end $probe$;
