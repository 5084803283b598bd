-- The account that an address signs in to with a password. Where a firm is named whose directory keeps somebody with this
-- address and a password, it is that one: the firm speaks for its own people in its own house, and nowhere else. Else it is
-- the person of the platform's own store.
create or replace function users.password_account(p_email text, p_tenant text)
returns setof users.users
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with directory as (
        select u.user_id from users.users u join users.password_credentials c on c.user_id = u.user_id
         where lower(u.email) = p_email and u.directory_tenant_id = users.find_tenant(p_tenant))
    select u.* from users.users u where u.user_id in (select d.user_id from directory d)
    union all
    select u.* from users.local_account(p_email) u where not exists (select from directory)
$$;
