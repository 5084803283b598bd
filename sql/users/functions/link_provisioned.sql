-- Links a sign-in to the person whom the directory has provisioned under the id that the issuer names now (externalId in
-- SCIM; docs/adr/0014). Only people of the firm's own directory, only by an issuer that this firm alone trusts, and
-- never by e-mail. Gives the person, or null when there is none or more than one.
create or replace function users.link_provisioned(
    p_tenant_id uuid, p_issuer text, p_subject text, p_directory_id text)
returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_people uuid[];
begin
    if p_directory_id is null or not users.has_issuer_alone(p_tenant_id, p_issuer) then
        return null;
    end if;
    select array_agg(m.user_id) into v_people
      from users.memberships m
      join users.users u on u.user_id = m.user_id and u.directory_tenant_id = p_tenant_id
     where m.tenant_id = p_tenant_id and m.external_id = p_directory_id and m.origin = 'scim' and m.status <> 'ended';
    if cardinality(v_people) is distinct from 1 then
        return null;
    end if;
    perform users.put_identity(p_tenant_id, v_people[1], gen_random_uuid(), p_issuer, p_subject);
    return v_people[1];
end
$$;
