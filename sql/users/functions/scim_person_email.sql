-- The address of a person that a directory provisions: the one it gave if it is one, else one that nobody can have.
create or replace function users.scim_person_email(p_user_id uuid, p_email text)
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case when length(p_email) between 3 and 320 and p_email like '_%@_%' then p_email
                else p_user_id::text || '@directory.invalid' end
$$;
