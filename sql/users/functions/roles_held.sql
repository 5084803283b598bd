-- The roles that a member holds here at an instant: what may stand in a session or a key of ours. What only a token's
-- groups give counts in that token alone (docs/adr/0014).
create or replace function users.roles_held(p_tenant_id uuid, p_user_id uuid, p_at timestamptz)
returns text[]
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct r.role_name::text order by r.role_name::text), '{}')
      from users.user_roles r
     where r.tenant_id = p_tenant_id and r.user_id = p_user_id and r.origin <> 'oidc'
       and r.effective_from <= p_at and (r.effective_to is null or r.effective_to > p_at)
$$;
