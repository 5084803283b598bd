-- S3-47: puts the caller's questions in the place of those before; answers come as hashes. The caller has proven the
-- password by then (p_seen, as for a change of it). Gives stored, or invalid_credentials.
create or replace function users.put_security_questions(p_seen text, p_refused text, p_questions jsonb)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_hash text;
begin
    select c.hash into v_hash from users.password_credentials c where c.user_id = v_user;
    if p_refused is not null or encode(sha256(convert_to(v_hash, 'UTF8')), 'hex') is distinct from p_seen then
        perform users.record_event('SECURITY_QUESTIONS_CHANGED', v_user, 'failure',
            coalesce(p_refused, 'password_changed'), null);
        return 'invalid_credentials';
    end if;
    delete from users.security_questions q where q.user_id = v_user;
    insert into users.security_questions (user_id, question, answer_hash)
    select v_user, q ->> 'question', q ->> 'answer_hash' from jsonb_array_elements(p_questions) q;
    perform users.record_event('SECURITY_QUESTIONS_CHANGED', v_user, 'success', null,
        jsonb_build_object('count', jsonb_array_length(p_questions)));
    return 'stored';
end
$$;
