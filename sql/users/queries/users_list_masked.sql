-- users.users_list_masked: a page of members by name, as colleagues see them. $1 is_active bool, $2 role, $3 words text[], $4 after name, $5 after id uuid, $6 limit bigint
select u.user_id, u.public_code, u.email, u.first_name, u.last_name, u.name, u.status, u.role, lower(u.name) as sort_key
  from reporting.users_masked u
 where u.tenant_id = platform.current_tenant_id()
   and ($1::boolean is null or (u.status = 'Active') = $1)
   and ($2::text is null or exists (
        select from users.user_roles r
         where r.tenant_id = u.tenant_id and r.user_id = u.user_id and r.role_name = $2
           and r.effective_from <= platform.request_time()
           and (r.effective_to is null or r.effective_to > platform.request_time())))
   and ($3::text[] is null or not exists (
        select from unnest($3) w
         where strpos(lower(concat_ws(' ', u.first_name, u.last_name, u.name)), lower(w)) = 0))
   and ($5::uuid is null or (lower(u.name), u.user_id) > ($4, $5))
 order by lower(u.name), u.user_id
 limit $6
