-- For how long a mail is of use: as long as the link in it opens, and a notice for a week. crates/users/src/auth/link.rs
-- says how long links live.
create or replace function users.mail_life(p_kind text)
returns interval
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select case p_kind
        when 'recover' then interval '1 hour'
        when 'verify_email' then interval '1 day'
        else interval '7 days' end
$$;
