-- The answer to somebody who asks to be forgotten, field by field: each column that tells about people, in the rows that
-- are the person's, with what becomes of it and why. outcome: erase or keep. keep_until: the last day of the longest one;
-- null with keep is for ever, or as long as the hold. Events that have left for the archive are counted with those that
-- have not: what they tell goes with the person's key.
create or replace function audit.erasure_answer(p_person_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_zone text := (select t.time_zone from tenants.tenants t where t.tenant_id = v_tenant);
    v_map audit.retention_tables;
    v_found record;
    v_standing text := audit.person_standing(v_tenant, p_person_id);
    v_personal boolean;
    v_held boolean := audit.person_is_held(p_person_id);
    v_log_held boolean := audit.erasure_is_held(v_tenant, p_person_id) or audit.archive_is_held(v_tenant, p_person_id)
        or audit.has_holds(v_tenant) and exists (
            select from audit.erasure_events(p_person_id, 1, '-infinity', '00000000-0000-0000-0000-000000000000', true));
    v_why text;
    v_archived bigint;
    v_answer jsonb := '[]';
begin
    select count(distinct x.leaf) into v_archived
      from audit.subject_keys k
      join audit.subject_key_uses u on u.tenant_id = k.tenant_id and u.key_id = k.key_id
      join audit.archive_months m on m.month = u.month and m.state in ('detached', 'dropped', 'restoring')
     cross join lateral unnest(u.leaves) x (leaf)
     where k.tenant_id = v_tenant and k.subject_id = p_person_id and k.destroyed_at is null;
    for v_map in select * from audit.retention_tables m
                  where m.persons <> '{}' and exists (select from audit.field_classes f
                                                       where f.table_name = m.table_name and f.class = 'pii')
                  order by m.table_name loop
        v_personal := v_map.classes <@ '{person_record,working_data}';
        execute format($q$
            select count(*) as n, count(*) filter (where h.held) as held, bool_or(u.until is null) as forever,
                   max(u.until) as until
              from %1$s r
             cross join lateral (select audit.day_of(%2$s, $3) as created, audit.day_of(%3$s, $3) as clock) k
             cross join lateral (select case when $7 or $8 then current_date
                                             else audit.retain_until($1, $4, k.created, k.clock) end as until) u
             cross join lateral (select not $8 and exists (select from audit.holds_on($1, $2,
                                     audit.record_key(to_jsonb(r), $6), to_jsonb(r))) as held) h
             where %4$s and (%5$s)$q$,
            v_map.table_name, v_map.created_on, v_map.clock_on, audit.own_rows(v_map),
            (select string_agg(format('r.%I = $5', c), ' or ') from unnest(v_map.persons) c))
        into v_found using v_tenant, v_map.table_name, v_zone, v_map.classes, p_person_id, v_map.key_columns, v_personal,
            v_map.table_name = 'audit.audit_events';
        if v_map.table_name = 'audit.audit_events' then
            v_found.n := v_found.n + v_archived;
        end if;
        continue when v_found.n = 0;
        v_why := case
            when v_found.held > 0 or v_personal and v_held or v_map.table_name = 'audit.audit_events' and v_log_held
                then 'legal_hold'
            when v_personal then v_standing
            -- That somebody was a member is kept; what the directory called them goes.
            when v_map.table_name = 'users.memberships' then nullif(v_standing, 'account_of_the_person')
            when v_map.table_name = 'audit.audit_events' then null
            when v_found.forever then 'clock_not_started'
            else 'retention' end;
        v_answer := v_answer || (
            select jsonb_agg(jsonb_build_object('table_name', f.table_name, 'column_name', f.column_name,
                       'records', v_found.n, 'outcome', case when v_why is null then 'erase' else 'keep' end,
                       'why', v_why,
                       'keep_until', case when v_why = 'retention' then v_found.until end,
                       'sources', case when v_why in ('retention', 'clock_not_started') then (
                           select jsonb_agg(distinct r.source) from audit.retention_versions(v_tenant) r
                            where r.class = any (v_map.classes)) end) order by f.column_name)
              from audit.field_classes f where f.table_name = v_map.table_name and f.class = 'pii');
    end loop;
    return v_answer;
end
$$;
