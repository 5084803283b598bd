-- Whether a legal hold of any firm keeps what is known of a person: the account, or the profile.
create or replace function audit.person_is_held(p_person_id uuid)
returns boolean
language sql
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from (values ('users.users'), ('users.user_profiles')) t (known)
         where audit.hold_anywhere(t.known, p_person_id::text, jsonb_build_object('user_id', p_person_id)) is not null)
$$;
