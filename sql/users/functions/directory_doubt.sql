-- Why what a directory answered is not believed without a person: it named nobody, or more than a fifth of the firm's people
-- or of the places in its groups (and more than one) would go at once. Null: nothing is odd. An outage or a narrowed
-- permission of the directory looks like this, and must not shut a firm out.
create or replace function users.directory_doubt(p_tenant_id uuid, p_people bigint, p_off bigint, p_leave bigint)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case when p_people = 0 and here.people > 0 then 'The directory named nobody'
                when p_off > 1 and p_off * 5 > here.people
                then format('%s of %s people would lose access', p_off, here.people)
                when p_leave > 1 and p_leave * 5 > here.places
                then format('%s of %s members would leave their groups', p_leave, here.places) end
      from (select (select count(*) from users.memberships m
                     where m.tenant_id = p_tenant_id and m.status in ('active', 'invited')
                       and (m.origin = 'scim' or m.external_id is not null)) as people,
                   (select count(*) from users.group_members gm where gm.tenant_id = p_tenant_id) as places) here
$$;
