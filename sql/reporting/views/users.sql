-- The users of the tenant with the columns of all documents (X-01).
create or replace view reporting.users with (security_invoker = true) as
select u.user_id, m.tenant_id, u.public_code, u.legacy_id,
       (select i.subject from users.user_identities i
         where i.user_id = u.user_id and i.provider = 'okta' order by i.created_at limit 1) as okta_user_id,
       (select i.subject from users.user_identities i
         where i.user_id = u.user_id and i.provider = 'cognito' order by i.created_at limit 1) as cognito_user_id,
       u.email, u.first_name, u.last_name, coalesce(u.display_name, concat_ws(' ', u.first_name, u.last_name)) as name,
       (select r.role_name from users.user_roles r join users.roles c on c.role_name = r.role_name
         where r.tenant_id = m.tenant_id and r.user_id = u.user_id and r.effective_from <= now()
           and (r.effective_to is null or r.effective_to > now())
         order by c.rank desc, r.role_name limit 1) as role,
       case when u.is_active and m.status = 'active' then 'Active' else 'Inactive' end as status,
       u.is_active, u.email_verified_at is not null as is_verified, u.last_login, u.created_at, u.updated_at
  from users.memberships m
  join users.users u on u.user_id = m.user_id;
