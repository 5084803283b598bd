-- A verified token of an issuer that a tenant trusts, met for the first time by a process or with other groups than last:
-- links its person, if the directory has provisioned one under the id that the token names (p_directory_id), and records
-- the roles of its groups (p_groups; null where groups do not decide). Gives whether the person is known.
create or replace function users.meet_token(
    p_tenant_id uuid, p_issuer text, p_subject text, p_directory_id text, p_groups text[], p_issued_at timestamptz,
    p_caller jsonb)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid;
begin
    perform users.set_caller(p_tenant_id, null, p_issuer, p_caller);
    select i.user_id into v_user from users.user_identities i where i.issuer = p_issuer and i.subject = p_subject;
    if not found then
        perform pg_advisory_xact_lock(hashtextextended('sign-in ' || p_issuer || ' ' || p_subject, 0));
        v_user := users.link_provisioned(p_tenant_id, p_issuer, p_subject, p_directory_id);
    end if;
    if v_user is not null and p_groups is not null then
        perform users.put_token_grants(p_tenant_id, v_user, p_issuer, p_groups, p_issued_at);
    end if;
    return v_user is not null;
end
$$;
