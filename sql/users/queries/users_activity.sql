-- users.users_activity: a page of what members do, by e-mail: the page first, then the counts of those on it. $1 after email, $2 after id uuid, $3 limit bigint
select a.user_id, a.email, a.first_name, a.last_name, a.total_sessions, a.total_comparisons, a.last_activity, a.total_actions
  from (select m.user_id, lower(u.email) as sort_key
          from users.memberships m
          join users.users u on u.user_id = m.user_id
         where m.tenant_id = platform.current_tenant_id()
           and ($2::uuid is null or (lower(u.email), m.user_id) > ($1, $2))
         order by lower(u.email), m.user_id
         limit $3) k
 cross join lateral (select s.* from reporting.user_activity_summary s where s.user_id = k.user_id offset 0) a
 order by k.sort_key, k.user_id
