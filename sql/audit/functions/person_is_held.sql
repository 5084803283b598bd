-- Whether a legal hold of any firm keeps what is known of a person.
create or replace function audit.person_is_held(p_person_id uuid)
returns boolean
language sql
set search_path = pg_catalog, pg_temp
as $$
    select audit.hold_anywhere('users.users', p_person_id::text, jsonb_build_object('user_id', p_person_id)) is not null
$$;
