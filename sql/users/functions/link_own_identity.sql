-- Links a second sign-in to the caller, who has shown a verified token of both. Gives the link, new or not.
create or replace function users.link_own_identity(p_identity_id uuid, p_issuer text, p_subject text)
returns uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return users.put_identity(
        platform.require_tenant(), platform.current_user_id(), p_identity_id, p_issuer, p_subject);
end
$$;
