-- Forgets what a person is known by here, as far as nothing stands against it. Asked when an erasure is decided on, and again
-- by its job: a hold may have ended meanwhile, or the membership.
create or replace function audit.forget_person(p_tenant_id uuid, p_person_id uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if audit.person_standing(p_tenant_id, p_person_id) is null and not audit.person_is_held(p_person_id)
       and exists (select from users.users u
                    where u.user_id = p_person_id and u.email <> u.user_id::text || '@removed.invalid') then
        perform users.forget_person(p_person_id);
    end if;
    perform users.forget_membership(p_tenant_id, p_person_id);
end
$$;
