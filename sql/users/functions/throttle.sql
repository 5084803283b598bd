-- Counts one attempt of a subject and says how many seconds it must wait: 0 when it may go on. A window slides: what was
-- counted in the one before fades out while this one passes. An attempt that is refused is not counted, so that whoever
-- stops hammering gets in when the wait is over. The row is locked until the statement ends: of a hundred attempts at
-- once no more pass than one after the other.
create or replace function users.throttle(
    p_bucket text, p_subject text, p_limit integer, p_window interval, p_now timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key bytea := sha256(convert_to(p_subject, 'UTF8'));
    v_row users.throttles;
    v_left double precision;
begin
    insert into users.throttles as t (bucket, subject_hash, window_start, hits) values (p_bucket, v_key, p_now, 0)
    on conflict (bucket, subject_hash) do update
       set previous_hits = case when p_now < t.window_start + p_window then t.previous_hits
                                when p_now < t.window_start + 2 * p_window then t.hits else 0 end,
           hits = case when p_now < t.window_start + p_window then t.hits else 0 end,
           window_start = case when p_now < t.window_start + p_window then t.window_start
                               when p_now < t.window_start + 2 * p_window then t.window_start + p_window else p_now end
    returning t.* into v_row;
    v_left := 1 - extract(epoch from p_now - v_row.window_start) / extract(epoch from p_window);
    if v_row.hits + v_row.previous_hits * greatest(v_left, 0) >= p_limit then
        return greatest(1, ceil(extract(epoch from v_row.window_start + p_window - p_now))::integer);
    end if;
    update users.throttles t set hits = t.hits + 1 where t.bucket = p_bucket and t.subject_hash = v_key;
    return 0;
end
$$;
