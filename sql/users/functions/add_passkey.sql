-- Keeps a passkey that Rust has found right.
create or replace function users.add_passkey(
    p_factor_id uuid, p_credential_id bytea, p_passkey jsonb, p_label text, p_code_hashes text[], p_methods text[])
returns table (
    codes_made boolean, assurance smallint, methods text[], authenticated_at timestamptz, roles text[],
    access_token_minutes integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := (users.own_session()).user_id;
begin
    insert into users.webauthn_credentials (
        user_id, factor_id, credential_id, passkey, sign_count, label, created_at)
    values (v_user, p_factor_id, p_credential_id, p_passkey, coalesce((p_passkey #>> '{cred,counter}')::bigint, 0), p_label,
        platform.request_time());
    return query select * from users.factor_enrolled(v_user, p_factor_id, 'webauthn', p_code_hashes, p_methods);
end
$$;
