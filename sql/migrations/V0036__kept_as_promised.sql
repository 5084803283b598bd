set local role wealth_owner;

-- Its successors take one firm at a time.
drop function if exists users.job_purge(timestamptz, uuid);

-- Whoever spelled the id of a held record with capitals meant the record, and nothing was held. Scopes are never changed
-- otherwise, and read by their firm alone.
alter table audit.legal_hold_scopes no force row level security;
alter table audit.legal_hold_scopes disable trigger user;
update audit.legal_hold_scopes
   set record_id = lower(left(record_id, 36)) || substr(record_id, 37)
 where kind = 'record' and record_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/|$)';
do $$
declare
    v_name name;
begin
    for v_name in select t.tgname from pg_catalog.pg_trigger t
                   where t.tgrelid = 'audit.legal_hold_scopes'::regclass and not t.tgisinternal loop
        execute pg_catalog.format('alter table audit.legal_hold_scopes enable always trigger %I', v_name);
    end loop;
end
$$;
alter table audit.legal_hold_scopes force row level security;
