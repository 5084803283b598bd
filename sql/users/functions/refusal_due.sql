-- Counts refused attempts of a subject: how many are to be told of now, which is once a minute, or 0 while they are only
-- counted. Inner part of users.note_refusal.
create or replace function users.refusal_due(p_subject text, p_attempts integer, p_now timestamptz)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key bytea := sha256(convert_to(p_subject, 'UTF8'));
    v_row users.throttles;
begin
    insert into users.throttles as t (bucket, subject_hash, window_start, hits) values ('refusal', v_key, '-infinity', 0)
    on conflict (bucket, subject_hash) do nothing;
    select t.* into v_row from users.throttles t where t.bucket = 'refusal' and t.subject_hash = v_key for update;
    if v_row.window_start > p_now - interval '1 minute' then
        update users.throttles t set hits = t.hits + p_attempts where t.bucket = 'refusal' and t.subject_hash = v_key;
        return 0;
    end if;
    update users.throttles t set hits = 0, window_start = p_now where t.bucket = 'refusal' and t.subject_hash = v_key;
    return v_row.hits + p_attempts;
end
$$;
