-- users.scim_groups: a page of groups; one row without a group when the page is empty. $1 group_id uuid, $2 display_name text, $3 external_id text, $4 member_id uuid, $5 after timestamptz, $6 from timestamptz, $7 before timestamptz, $8 to timestamptz, $9 order text, $10 descending bool, $11 offset bigint, $12 limit bigint, $13 with members bool
select f.total, g.group_id, g.display_name, g.external_id, g.created_at, g.updated_at, g.version,
       case when $13 then array(
            select gm.user_id from users.group_members gm
             where gm.tenant_id = g.tenant_id and gm.group_id = g.group_id
             order by gm.user_id) end as members
  from users.scim_find_groups($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) f
  left join users.groups g on g.tenant_id = platform.current_tenant_id() and g.group_id = f.group_id
 order by f.place
