-- Where a person could sign in: all tenants with an active membership, or what is said of the tenant that was named.
-- standing: active, account_inactive, tenant_inactive, unknown_identity or tenant_required.
create or replace function users.sign_in_places(p_user_id uuid, p_tenant text)
returns table (standing text, tenant_id uuid, tenants jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_named uuid := users.find_tenant(p_tenant);
    v_active integer;
begin
    if p_tenant is not null and v_named is null then
        standing := 'unknown_identity';
        return next;
        return;
    end if;
    select count(*) filter (where p.standing = 'active'),
           jsonb_agg(jsonb_build_object('tenant_id', p.tenant_id, 'public_code', p.public_code, 'name', p.name)
                     order by p.name, p.tenant_id) filter (where p.standing = 'active'),
           coalesce((array_agg(p.tenant_id order by p.standing, p.tenant_id))[1], v_named),
           coalesce(min(p.standing), 'unknown_identity')
      into v_active, tenants, tenant_id, standing
      from (select t.tenant_id, t.public_code, t.name,
                   case when m.status <> 'active' then 'account_inactive' when t.status <> 'active' then 'tenant_inactive'
                        else 'active' end as standing
              from users.memberships m join tenants.tenants t on t.tenant_id = m.tenant_id
             where m.user_id = p_user_id and m.status not in ('ended', 'invited')
               and (v_named is null or m.tenant_id = v_named)) p;
    if v_active > 1 then
        standing := 'tenant_required';
        tenant_id := null;
    elsif v_active = 1 then
        standing := 'active';
        tenant_id := (tenants -> 0 ->> 'tenant_id')::uuid;
    end if;
    return next;
end
$$;
