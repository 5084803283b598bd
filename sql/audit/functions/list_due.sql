-- Lists the records of a table whose time is over in a disposal: at most p_limit of them, the oldest first, those that a
-- hold keeps left out and counted. Nothing that is not held: no disposal. With the last that was looked at and whether there
-- may be more, so that somebody can go on behind it. Inner part of proposing, by people and by jobs.
create or replace function audit.list_due(
    p_disposal_id uuid, p_table text, p_reason text, p_by varchar, p_limit integer, p_after_until date default null,
    p_after_id text default null)
returns table (records bigint, held bigint, last_until date, last_id text, more boolean)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_today date := platform.business_date();
    v_ids text[];
    v_untils date[];
begin
    select array_agg(d.record_id order by d.n) filter (where not d.held),
           array_agg(d.retain_until order by d.n) filter (where not d.held), count(*) filter (where d.held),
           (array_agg(d.retain_until order by d.n desc))[1], (array_agg(d.record_id order by d.n desc))[1]
      into v_ids, v_untils, held, last_until, last_id
      from audit.due_records(p_table, v_today, p_limit, null, p_after_until, p_after_id)
           with ordinality d(record_id, retain_until, held, n);
    records := coalesce(cardinality(v_ids), 0);
    more := records + held >= p_limit;
    if records > 0 then
        insert into audit.disposals (
            tenant_id, disposal_id, table_name, as_of, reason, proposed_by, proposed_by_user_id, records, held)
        values (v_tenant, p_disposal_id, p_table, v_today, p_reason, p_by, platform.current_user_id(), records, held);
        insert into audit.disposal_items (tenant_id, disposal_id, record_id, retain_until)
        select v_tenant, p_disposal_id, i.id, i.until from unnest(v_ids, v_untils) i(id, until);
        perform audit.write(v_tenant, 'disposal.proposed', 'DISPOSAL_PROPOSED', 'disposals', p_disposal_id::text, null,
            null, jsonb_build_object('table_name', p_table, 'as_of', v_today, 'records', records, 'held', held), p_reason);
    end if;
    return next;
end
$$;
