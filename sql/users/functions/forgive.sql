-- Takes back what an attempt that turned out to be right was counted for: all of its subject, or just the one.
create or replace function users.forgive(p_bucket text, p_subject text, p_all boolean)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    update users.throttles t
       set hits = case when p_all then 0 else greatest(t.hits - 1, 0) end,
           previous_hits = case when p_all then 0 else t.previous_hits end
     where t.bucket = p_bucket and t.subject_hash = sha256(convert_to(p_subject, 'UTF8'))
$$;
