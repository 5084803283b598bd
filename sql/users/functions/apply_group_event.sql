-- Part of apply_directory_event: somebody came into a group or left it. pending: the person or the group is not known here
-- (yet), so that the nightly comparison tries it again. stale: something that happened later was here first, be it an
-- event, SCIM or that comparison; of two at the same instant the one that takes away wins.
create or replace function users.apply_group_event(
    p_tenant_id uuid, p_type text, p_published timestamptz, p_subject text, p_payload jsonb)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_in constant boolean := p_type = 'group.user_membership.add';
    v_group uuid := users.directory_group(p_tenant_id, p_payload ->> 'group_id', p_payload ->> 'group');
    v_user uuid := users.directory_person(p_tenant_id, p_subject, p_payload ->> 'login');
begin
    perform from users.groups g where g.tenant_id = p_tenant_id and g.group_id = v_group for update;
    perform from users.memberships m
     where m.tenant_id = p_tenant_id and m.user_id = v_user and m.status <> 'ended' for update;
    if not found or v_group is null then
        return 'pending';
    elsif exists (
            select from users.directory_events d
             where d.tenant_id = p_tenant_id and d.source = 'okta' and d.subject = p_subject
               and d.event_type in ('group.user_membership.add', 'group.user_membership.remove')
               and d.outcome in ('applied', 'unchanged')
               and d.payload ->> 'group_id' is not distinct from p_payload ->> 'group_id'
               and (d.payload ->> 'group_id' is not null or lower(d.payload ->> 'group') = lower(p_payload ->> 'group'))
               and (d.published > p_published
                    or d.published = p_published and v_in and d.event_type = 'group.user_membership.remove'))
       or not v_in and exists (
            select from users.group_members gm
             where gm.tenant_id = p_tenant_id and gm.group_id = v_group and gm.user_id = v_user
               and gm.created_at > p_published)
       -- That somebody left is remembered by the grants that ended; those that a hook ended are judged above.
       or v_in and exists (
            select from users.user_roles r
              join users.groups g on g.tenant_id = r.tenant_id and g.display_name = r.okta_group_name
             where r.tenant_id = p_tenant_id and r.user_id = v_user and r.origin = 'scim' and g.group_id = v_group
               and r.effective_to > p_published and r.ended_by is distinct from 'directory') then
        return 'stale';
    end if;
    return case when users.move_group_member(p_tenant_id, v_group, v_user, v_in, p_published)
                then 'applied' else 'unchanged' end;
end
$$;
