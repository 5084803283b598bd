-- The group that a directory means: by its id there, else by its name if it was provisioned without an id. Null: none.
create or replace function users.directory_group(p_tenant_id uuid, p_external_id text, p_name text)
returns uuid
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select g.group_id from users.groups g
          where g.tenant_id = p_tenant_id and g.external_id = p_external_id order by g.group_id limit 1),
        (select g.group_id from users.groups g
          where g.tenant_id = p_tenant_id and lower(g.display_name) = lower(p_name) and g.external_id is null))
$$;
