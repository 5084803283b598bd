-- Lists the records of a table whose time is over, at most p_limit, the oldest first: the dry run that somebody else
-- approves. Nothing due: WA409. Holds are respected here and again when each record goes.
create or replace function audit.propose_disposal(
    p_disposal_id uuid, p_table text, p_reason text, p_by varchar, p_limit integer default 10000)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_today date := platform.business_date();
    v_records bigint;
    v_held bigint;
begin
    if not exists (select from audit.retention_tables m where m.table_name = p_table and m.disposal = 'row') then
        perform platform.fail('WA422', 'unknown_value', 'is no table whose records are disposed of by themselves',
            '/table_name');
    end if;
    insert into audit.disposals (
        tenant_id, disposal_id, table_name, as_of, reason, proposed_by, proposed_by_user_id, records, held)
    values (v_tenant, p_disposal_id, p_table, v_today, p_reason, p_by, platform.current_user_id(), 0, 0);
    with due as materialized (select * from audit.due_records(p_table, v_today, p_limit)),
    listed as (
        insert into audit.disposal_items (tenant_id, disposal_id, record_id, retain_until)
        select v_tenant, p_disposal_id, d.record_id, d.retain_until from due d where not d.held
        returning 1)
    select (select count(*) from listed), count(*) filter (where d.held) into v_records, v_held from due d;
    if v_records = 0 then
        perform platform.fail('WA409', 'nothing_due', 'No record of this table is due that nothing holds');
    end if;
    update audit.disposals d set records = v_records, held = v_held
     where d.tenant_id = v_tenant and d.disposal_id = p_disposal_id;
    perform audit.write(v_tenant, 'disposal.proposed', 'DISPOSAL_PROPOSED', 'disposals', p_disposal_id::text, null, null,
        jsonb_build_object('table_name', p_table, 'as_of', v_today, 'records', v_records, 'held', v_held), p_reason);
end
$$;
