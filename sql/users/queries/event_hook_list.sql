-- users.event_hook_list: the hooks of the tenant. No parameters
select h.hook_id, h.provider, h.created_at, h.updated_at
  from users.event_hooks h
 where h.tenant_id = platform.current_tenant_id() and h.is_active
 order by h.created_at, h.hook_id
