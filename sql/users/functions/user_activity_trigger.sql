-- S0-100, as documented: a changed user carries the time of the change.
create or replace function users.user_activity_trigger()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_jsonb(new) - 'last_login' = to_jsonb(old) - 'last_login' then
        return new;  -- a sign-in is no change that an editor could lose
    end if;
    new.updated_at := current_timestamp;
    if new.version = old.version then
        new.version := old.version + 1;
    end if;
    return new;
end
$$;
