-- Which members a directory asks for: their number in all, and a page of them in order. A condition that is NULL is none.
-- It runs as the owner, who is bound by the tenant that stands here, because the expressions of these indexes are not
-- leakproof and so are no index conditions below a row policy; and it is planned anew for each set of conditions.
create or replace function users.scim_find_users(
    p_user_id uuid, p_user_name text, p_external_id text, p_active boolean, p_email text, p_after timestamptz,
    p_from timestamptz, p_before timestamptz, p_to timestamptz, p_order text, p_descending boolean, p_offset bigint,
    p_limit bigint)
returns table (total bigint, user_id uuid, place bigint)
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
        select m.user_id,
               case p_order when 'userName' then lower(coalesce(m.user_name, u.email))
                            when 'externalId' then m.external_id end as text_key,
               case p_order when 'created' then m.created_at when 'lastModified' then m.updated_at end as time_key
          from users.memberships m
          -- Only that order needs the person; otherwise the plan leaves this out.
          left join users.users u on u.user_id = m.user_id and p_order = 'userName'
         where m.tenant_id = v_tenant and m.status <> 'ended'
           and (p_user_id is null or m.user_id = p_user_id)
           and (p_user_name is null or m.user_id in (
                    select n.user_id from users.memberships n
                     where n.tenant_id = v_tenant and lower(n.user_name) = lower(p_user_name) and n.status <> 'ended'
                    union all
                    select e.user_id from users.users e
                      join users.memberships n on n.tenant_id = v_tenant and n.user_id = e.user_id
                     where lower(e.email) = lower(p_user_name) and n.user_name is null))
           and (p_external_id is null or m.external_id = p_external_id)
           and (p_active is null or (m.status = 'active') = p_active)
           and (p_email is null or m.user_id in (
                    select n.user_id from users.memberships n
                     where n.tenant_id = v_tenant and
                           lower(jsonb_path_query_array(n.scim, '$.emails[*].value')::text)::jsonb
                               @> jsonb_build_array(lower(p_email))
                    union all
                    select e.user_id from users.users e where lower(e.email) = lower(p_email)))
           and (p_after is null or m.updated_at > p_after)
           and (p_from is null or m.updated_at >= p_from)
           and (p_before is null or m.updated_at < p_before)
           and (p_to is null or m.updated_at <= p_to)),
    page as (
        select x.user_id,
               row_number() over (
                    order by case when p_descending then x.text_key end desc nulls last,
                             case when not p_descending then x.text_key end nulls last,
                             case when p_descending then x.time_key end desc nulls last,
                             case when not p_descending then x.time_key end nulls last,
                             x.user_id) as place
          from matching x
         order by 2
         limit p_limit offset p_offset)
    select (select count(*) from matching), page.user_id, page.place
      from (select) one
      left join page on true
     order by page.place;
end
$$;
