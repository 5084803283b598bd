-- The users of the tenant as colleagues without the right to administer see them (S3 L17): the address masked, nothing of
-- how somebody signs in, nobody who has left.
create or replace view reporting.users_masked with (security_invoker = true) as
select u.user_id, u.tenant_id, u.public_code, users.mask_email(u.email) as email, u.first_name, u.last_name, u.name,
       u.role, u.status
  from reporting.users u
  join users.memberships m on m.tenant_id = u.tenant_id and m.user_id = u.user_id and m.status <> 'ended';
