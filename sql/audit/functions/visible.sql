-- A row as the log may keep it: without columns that repeat others and without token hashes.
create or replace function audit.visible(p_row jsonb)
returns jsonb
language sql immutable parallel safe
as $$ select p_row - '{search,rate_key,valid,jwt_token_hash,refresh_token_hash,body,headers,jwks,hash,answer_hash,code_hash,token_hash,key_hash,secret,secret_hashes,passkey,credential_id}'::text[] $$;
