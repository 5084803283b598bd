-- Which groups a directory asks for; see scim_find_users.
create or replace function users.scim_find_groups(
    p_group_id uuid, p_display_name text, p_external_id text, p_member_id uuid, p_after timestamptz,
    p_from timestamptz, p_before timestamptz, p_to timestamptz, p_order text, p_descending boolean, p_offset bigint,
    p_limit bigint)
returns table (total bigint, group_id uuid, place bigint)
language plpgsql stable rows 20
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
    v_tenant uuid := platform.require_tenant();
begin
    return query
    with matching as materialized (
        select g.group_id,
               case p_order when 'displayName' then lower(g.display_name)
                            when 'externalId' then g.external_id end as text_key,
               case p_order when 'created' then g.created_at when 'lastModified' then g.updated_at end as time_key
          from users.groups g
         where g.tenant_id = v_tenant
           and (p_group_id is null or g.group_id = p_group_id)
           and (p_display_name is null or lower(g.display_name) = lower(p_display_name))
           and (p_external_id is null or g.external_id = p_external_id)
           and (p_member_id is null or g.group_id in (
                    select gm.group_id from users.group_members gm
                     where gm.tenant_id = v_tenant and gm.user_id = p_member_id))
           and (p_after is null or g.updated_at > p_after)
           and (p_from is null or g.updated_at >= p_from)
           and (p_before is null or g.updated_at < p_before)
           and (p_to is null or g.updated_at <= p_to)),
    page as (
        select x.group_id,
               row_number() over (
                    order by case when p_descending then x.text_key end desc nulls last,
                             case when not p_descending then x.text_key end nulls last,
                             case when p_descending then x.time_key end desc nulls last,
                             case when not p_descending then x.time_key end nulls last,
                             x.group_id) as place
          from matching x
         order by 2
         limit p_limit offset p_offset)
    select (select count(*) from matching), page.group_id, page.place
      from (select) one
      left join page on true
     order by page.place;
end
$$;
