-- Closes a month: no event comes into it any more. The lock waits for writers that are still at it, so that what is
-- there afterwards is all there will be. Inner part of the functions of the archive.
create or replace function audit.close_partition(p_name text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('create trigger audit_events_closed before insert on audit.%I '
        'for each row execute function audit.append_only()', p_name);
    execute format('alter table audit.%I enable always trigger audit_events_closed', p_name);
end
$$;
