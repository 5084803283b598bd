-- users.list_api_keys: keys, the newest first. $1 user_id uuid, null for all that may be seen, $2 boolean: anybody's, not
-- only the caller's, $3 created_at timestamptz and $4 api_key_id uuid of the last row shown, $5 limit bigint
select k.api_key_id, k.user_id, k.name, k.prefix, k.scopes, k.created_by, k.created_at, k.expires_at, k.last_used_at,
       host(k.last_used_ip) as last_used_ip, k.replaced_by, k.revoked_at, k.revoke_reason, k.version,
       platform.request_time() as now
  from users.api_keys k
 where k.tenant_id = (select nullif(current_setting('app.current_tenant_id', true), '')::uuid)
   and (k.user_id = platform.current_user_id() or $2::boolean)
   and ($1::uuid is null or k.user_id = $1::uuid)
   and (k.created_at, k.api_key_id) < (coalesce($3::timestamptz, 'infinity'),
                                       coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 order by k.created_at desc, k.api_key_id desc
 limit $5::bigint
