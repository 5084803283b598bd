-- The daily list (S4-96, S4-97, S0-120): connections, slow statements, table growth since the last list, archiving of the
-- server's own log (none on Aurora, whose snapshots an alarm watches), the last rehearsal of a restore, mail, failed
-- jobs. findings: what somebody should look at.
create or replace function jobs.daily_health(p_date date)
returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before jsonb;
    v_tables jsonb;
    v_statements jsonb;
    v_failed jsonb := '[]';
    v_found jsonb := '[]';
    v_connections jsonb;
    v_database jsonb;
    v_archiver jsonb;
    v_drill jsonb;
    v_mail jsonb;
    v_catalog text;
    t record;
begin
    for t in select x.tenant_id from tenants.tenants x union all select '00000000-0000-0000-0000-000000000000' loop
        perform set_config('app.current_tenant_id', t.tenant_id::text, true);
        select v_failed || coalesce(jsonb_agg(jsonb_build_object('tenant_id', r.tenant_id, 'job', r.job,
                'business_date', r.business_date) order by r.job, r.business_date), '[]') into v_failed
          from jobs.runs r
         where r.tenant_id = t.tenant_id and r.state = 'failed' and r.finished_at > clock_timestamp() - interval '1 day';
    end loop;
    perform set_config('app.current_tenant_id', '00000000-0000-0000-0000-000000000000', true);
    select r.report -> 'tables' into v_before from jobs.runs r
     where r.tenant_id = '00000000-0000-0000-0000-000000000000' and r.job = 'report-daily' and r.business_date < p_date
       and r.state = 'done' order by r.business_date desc limit 1;
    select jsonb_agg(jsonb_build_object('table', s.name, 'bytes', s.bytes, 'grown', s.bytes - (
                select (b ->> 'bytes')::bigint from jsonb_array_elements(v_before) b where b ->> 'table' = s.name))
            order by s.bytes desc, s.name) into v_tables
      from (select format('%I.%I', n.nspname, c.relname) as name, pg_catalog.pg_total_relation_size(c.oid) as bytes
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relowner = (select r.oid from pg_roles r where r.rolname = 'wealth_owner')) s;
    select jsonb_object_agg(s.state, s.n) || jsonb_build_object('limit', current_setting('max_connections')::integer)
      into v_connections
      from (select coalesce(a.state, 'unknown') as state, count(*) as n from pg_catalog.pg_stat_activity a
             where a.datname = current_database() group by 1) s;
    select jsonb_build_object('commits', d.xact_commit, 'rollbacks', d.xact_rollback, 'deadlocks', d.deadlocks,
            'temporary_bytes', d.temp_bytes, 'blocks_read', d.blks_read, 'blocks_hit', d.blks_hit,
            'bytes', pg_catalog.pg_database_size(d.datid)) into v_database
      from pg_catalog.pg_stat_database d where d.datname = current_database();
    select jsonb_build_object('last_archived_at', a.last_archived_time, 'last_failed_at', a.last_failed_time)
      into v_archiver from pg_catalog.pg_stat_archiver a;
    select format('%I.%I', n.nspname, c.relname) into v_catalog
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relname = 'pg_stat_statements' and c.relkind = 'v' and current_setting('pg_stat_statements.max', true) is not null
       and has_table_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage') limit 1;
    if not pg_has_role(current_user, 'pg_read_all_stats', 'usage') then
        v_found := v_found || jsonb_build_array('connections and slow statements are not seen: grant pg_read_all_stats to wealth_owner');
    end if;
    if v_catalog is null then
        v_found := v_found || jsonb_build_array('slow statements are not counted: pg_stat_statements is not preloaded or not created');
    else
        -- Only the first line: each statement of ours has its name there, and no value ever stands in one.
        execute format('select jsonb_agg(to_jsonb(s)) from (
                select split_part(x.query, E''\n'', 1) as statement, x.calls, round(x.mean_exec_time::numeric, 1) as mean_ms
                  from %s x where x.dbid = $1 and x.mean_exec_time > 100 and x.query like ''-- %%'' order by x.mean_exec_time desc limit 20) s',
            v_catalog) into v_statements using (select d.oid from pg_catalog.pg_database d where d.datname = current_database());
    end if;
    if v_archiver ->> 'last_failed_at' > coalesce(v_archiver ->> 'last_archived_at', '') then
        v_found := v_found || jsonb_build_array('the server''s log is not archived');
    end if;
    select d.report || jsonb_build_object('ended_at', d.ended_at) into v_drill
      from audit.archive_drills d where d.report is not null order by d.ended_at desc limit 1;
    if v_drill ->> 'outcome' = 'failed' then
        v_found := v_found || jsonb_build_array((v_drill ->> 'month') || ' could not be brought back from the archive');
    elsif exists (select from audit.archive_months m where m.state = 'dropped' and m.dropped_at < clock_timestamp() - interval '100 days')
          and coalesce((v_drill ->> 'ended_at')::timestamptz, '-infinity') < clock_timestamp() - interval '100 days' then
        v_found := v_found || jsonb_build_array('no month was brought back from the archive for 100 days');
    end if;
    select jsonb_build_object('waiting', count(*) filter (where m.failed_at is null),
            'given_up', count(*) filter (where m.failed_at > clock_timestamp() - interval '1 day')) into v_mail
      from users.mail_queue m where m.recipient is not null;
    if (v_mail ->> 'given_up')::bigint > 0 then
        v_found := v_found || jsonb_build_array((v_mail ->> 'given_up') || ' mails were given up');
    end if;
    if jsonb_array_length(v_failed) > 0 then
        v_found := v_found || jsonb_build_array(jsonb_array_length(v_failed) || ' jobs failed');
    end if;
    if v_statements is not null then
        v_found := v_found || jsonb_build_array(jsonb_array_length(v_statements) || ' statements take more than 100 ms');
    end if;
    return jsonb_build_object('findings', v_found, 'connections', v_connections, 'database', v_database,
        'archiver', v_archiver, 'restore_drill', v_drill, 'mail', v_mail, 'slow_statements', v_statements, 'failed_jobs', v_failed, 'tables', v_tables);
end
$$;
