-- S0-91, C0-18: the documented columns. Each count is made where its rows are, instead of multiplying three tables.
create or replace view reporting.user_activity_summary with (security_invoker = true) as
select u.user_id, u.email, u.first_name, u.last_name,
       s.total_sessions, c.total_comparisons, s.last_activity, a.total_actions
  from users.memberships m
  join users.users u on u.user_id = m.user_id
 cross join lateral (
    select count(*) as total_sessions, max(x.last_activity) as last_activity
      from users.user_sessions x where x.tenant_id = m.tenant_id and x.user_id = m.user_id) s
 cross join lateral (
    select count(*) as total_comparisons
      from products.product_comparisons x where x.tenant_id = m.tenant_id and x.user_id = m.user_id) c
 cross join lateral (
    select count(*) as total_actions
      from audit.audit_events x where x.tenant_id = m.tenant_id and x.actor_id = m.user_id) a;
