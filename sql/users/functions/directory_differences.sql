-- What a directory, as a run has read it, says otherwise than what is here, as the events that would tell it: who is off
-- there (inactive, or a person it provisioned and has no more), who is on again, who is in a group or not. A group that was
-- provisioned with its id and is no more has no members. People and groups that are only there, or only here, are no
-- difference.
create or replace function users.directory_differences(p_tenant_id uuid, p_run_id uuid)
returns table (event_type text, subject text, payload jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with people as materialized (
        select s.id, s.login, s.active, users.directory_person(p_tenant_id, s.id, s.login) as user_id
          from users.directory_seen s
         where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'person'),
    ours as materialized (
        select m.user_id, m.external_id, m.status in ('active', 'invited') as is_on
          from users.memberships m
         where m.tenant_id = p_tenant_id and m.origin = 'scim' and m.external_id is not null and m.status <> 'ended'),
    groups as materialized (
        select s.id, s.name, users.directory_group(p_tenant_id, s.id, s.name) as group_id
          from users.directory_seen s
         where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'group'
        union all
        select g.external_id, g.display_name, g.group_id
          from users.groups g
         where g.tenant_id = p_tenant_id and g.external_id is not null
           and not exists (
                select from users.directory_seen s
                 where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'group' and s.id = g.external_id)),
    wanted as materialized (
        select g.group_id, g.id, g.name, p.user_id, p.id as subject, p.login
          from users.directory_seen s
          join groups g on g.id = s.group_id
          join people p on p.id = s.id
         where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'member'
           and g.group_id is not null and p.user_id is not null)
    select 'user.lifecycle.suspend', off.subject, jsonb_build_object('login', off.login)
      from (select p.user_id, p.id as subject, p.login
              from people p
              join users.memberships m
                on m.tenant_id = p_tenant_id and m.user_id = p.user_id and m.status in ('active', 'invited')
             where not p.active and not exists (select from people o where o.user_id = p.user_id and o.active)
            union all
            select o.user_id, o.external_id, null
              from ours o where o.is_on and not exists (select from people p where p.user_id = o.user_id)) off
    union all
    select 'group.user_membership.remove', o.external_id,
           jsonb_build_object('group_id', g.id, 'group', g.name)
      from groups g
      join users.group_members gm on gm.tenant_id = p_tenant_id and gm.group_id = g.group_id
      join ours o on o.user_id = gm.user_id
     where not exists (select from wanted w where w.group_id = g.group_id and w.user_id = gm.user_id)
    union all
    select 'user.lifecycle.unsuspend', p.id, jsonb_build_object('login', p.login)
      from people p
      join users.memberships m on m.tenant_id = p_tenant_id and m.user_id = p.user_id and m.status = 'suspended'
     where p.active
    union all
    select 'group.user_membership.add', w.subject,
           jsonb_build_object('login', w.login, 'group_id', w.id, 'group', w.name)
      from wanted w
     where not exists (select from users.group_members gm
                        where gm.tenant_id = p_tenant_id and gm.group_id = w.group_id and gm.user_id = w.user_id)
$$;
