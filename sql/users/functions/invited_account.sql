-- The account of the platform's own store behind an invited address, and what accepting takes:
--   new        there is none; or one whose address nobody has ever shown to be theirs, which whoever reads the mail takes
--              over with a password of their own, so that a stranger's registration is no trap
--   password   one that signs in here
--   elsewhere  one that has no password: its person signs in as always and accepts then
-- People of a firm's directory are of another store, and nobody's concern here.
create or replace function users.invited_account(p_email text)
returns table (account text, user_id uuid, is_active boolean, hash text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select case when u.user_id is null or u.email_verified_at is null and c.hash is not null and not exists (
                         select from users.user_identities i where i.user_id = u.user_id and i.provider <> 'local')
                    then 'new'
                when c.hash is not null then 'password'
                else 'elsewhere' end,
           u.user_id, coalesce(u.is_active, true), c.hash
      from (select) nobody
      left join users.local_account(p_email) u on true
      left join users.password_credentials c on c.user_id = u.user_id
$$;
