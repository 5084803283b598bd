-- The caller's second factors, without their secrets, and what the firm asks of them.
create or replace function users.my_mfa()
returns table (factors jsonb, recovery_codes_left integer, required boolean, step_up_minutes integer)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce((select jsonb_agg(f.factor order by f.created_at, f.factor ->> 'factor_id') from (
               select t.created_at, jsonb_build_object('factor_id', t.factor_id, 'method', 'totp', 'label', t.label,
                          'created_at', t.created_at, 'last_used_at', t.last_used_at) as factor
                 from users.totp_factors t where t.user_id = me.user_id and t.confirmed_at is not null
                union all
               select w.created_at, jsonb_build_object('factor_id', w.factor_id, 'method', 'webauthn', 'label', w.label,
                          'created_at', w.created_at, 'last_used_at', w.last_used_at,
                          'credential_id', users.credential_name(w.credential_id))
                 from users.webauthn_credentials w where w.user_id = me.user_id) f), '[]'),
           (select count(*)::integer from users.recovery_codes r where r.user_id = me.user_id and r.used_at is null),
           users.mfa_required(me.tenant_id, me.user_id, platform.request_time()),
           (users.policy_of(me.tenant_id)).step_up_minutes
      from (select platform.current_tenant_id() as tenant_id, platform.current_user_id() as user_id) me
$$;
