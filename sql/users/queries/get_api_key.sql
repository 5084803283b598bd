-- users.get_api_key: one key. $1 api_key_id uuid, $2 boolean: anybody's, not only the caller's
select k.api_key_id, k.user_id, k.name, k.prefix, k.scopes, k.created_by, k.created_at, k.expires_at, k.last_used_at,
       host(k.last_used_ip) as last_used_ip, k.replaced_by, k.revoked_at, k.revoke_reason, k.version,
       platform.request_time() as now
  from users.api_keys k
 where k.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and k.api_key_id = $1::uuid and (k.user_id = platform.current_user_id() or $2::boolean)
