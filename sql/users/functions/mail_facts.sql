-- What a mail may say of person and firm. Nothing here was typed by whoever caused the mail to a stranger's address, but
-- for a name, which the text of the mail does not show to strangers.
create or replace function users.mail_facts(p_tenant_id uuid, p_user users.users)
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'firm', (select t.name from tenants.tenants t where t.tenant_id = p_tenant_id),
        'name', case when (p_user).email_verified_at is not null then (p_user).first_name end))
$$;
