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
    v record;
begin
    perform platform.require_tenant();
    if not exists (select from audit.retention_tables m where m.table_name = p_table and m.disposal = 'row') then
        perform platform.fail('WA422', 'unknown_value', 'is no table whose records are disposed of by themselves',
            '/table_name');
    end if;
    select * into v from audit.list_due(p_disposal_id, p_table, p_reason, p_by, p_limit);
    if v.records = 0 then
        perform platform.fail('WA409', 'nothing_due', case
            when v.more then format('The %s records of this table that are due the longest are held', v.held)
            else 'No record of this table is due that nothing holds' end);
    end if;
end
$$;
