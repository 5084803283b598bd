-- The groups of the directory that are groups here too and whose members a run has not read yet, in the order in which it
-- reads them: those behind p_after.
create or replace function users.directory_groups_left(p_tenant_id uuid, p_run_id uuid, p_after text)
returns text[]
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select array(
        select s.id from users.directory_seen s
         where s.tenant_id = p_tenant_id and s.run_id = p_run_id and s.kind = 'group'
           and (p_after is null or s.id > p_after collate "C")
           and users.directory_group(p_tenant_id, s.id, s.name) is not null
         order by s.id collate "C")
$$;
