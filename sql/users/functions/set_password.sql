-- Puts a new hash in the place of the present one, which goes to the history; the history keeps as many as the rules ask.
create or replace function users.set_password(p_user_id uuid, p_hash text, p_history integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into users.password_history (user_id, hash, replaced_at)
    select c.user_id, c.hash, platform.request_time() from users.password_credentials c where c.user_id = p_user_id;
    update users.password_credentials c
       set hash = p_hash, must_change = false, changed_at = platform.request_time(), version = c.version + 1
     where c.user_id = p_user_id;
    delete from users.password_history h
     where h.user_id = p_user_id
       and h.password_history_id not in (
            select k.password_history_id from users.password_history k where k.user_id = p_user_id
             order by k.replaced_at desc, k.password_history_id limit p_history);
end
$$;
