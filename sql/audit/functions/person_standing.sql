-- Why what a person is known by stays, whatever the holds: they still work here, or their account is not the firm's own to
-- erase. NULL: it may go.
create or replace function audit.person_standing(p_tenant_id uuid, p_person_id uuid)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case when exists (select from users.memberships m
                              where m.tenant_id = p_tenant_id and m.user_id = p_person_id and m.status <> 'ended')
                then 'still_a_member'
                when not exists (select from users.users u
                                  where u.user_id = p_person_id and u.directory_tenant_id = p_tenant_id)
                then 'account_of_the_person' end
$$;
