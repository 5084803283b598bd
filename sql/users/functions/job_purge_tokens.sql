-- Forgets one-time tokens and throttles two days after their end, at most 10,000 of each; the next hour takes the rest.
create or replace function users.job_purge_tokens(p_now timestamptz)
returns table (one_time_tokens bigint, throttles bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from users.one_time_tokens o where o.token_hash in (
        select x.token_hash from users.one_time_tokens x where x.expires_at < p_now - interval '2 days' limit 10000);
    get diagnostics one_time_tokens = row_count;
    delete from users.throttles h where (h.bucket, h.subject_hash) in (
        select x.bucket, x.subject_hash from users.throttles x where x.window_start < p_now - interval '2 days' limit 10000);
    get diagnostics throttles = row_count;
    return next;
end
$$;
