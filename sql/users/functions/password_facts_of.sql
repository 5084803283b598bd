-- What a new password of a person is judged by: whose it is, the present hash and the earlier ones, and the rules of the
-- person's firms. No row for somebody without a password here.
create or replace function users.password_facts_of(p_user_id uuid)
returns table (
    email text, first_name text, last_name text, hashes text[], min_length integer, firms text[], questions jsonb)
language sql
set search_path = pg_catalog, pg_temp
as $$
    select u.email, u.first_name::text, u.last_name::text,
           array[c.hash] || coalesce((select array_agg(h.hash order by h.replaced_at desc, h.password_history_id)
                                        from (select * from users.password_history h where h.user_id = u.user_id
                                               order by h.replaced_at desc, h.password_history_id limit r.history) h), '{}'),
           r.min_length, r.firms,
           case when r.security_questions then
               (select jsonb_agg(jsonb_build_object('security_question_id', q.security_question_id,
                                                    'question', q.question, 'answer_hash', q.answer_hash)
                                 order by q.created_at, q.security_question_id)
                  from users.security_questions q where q.user_id = u.user_id) end
      from users.users u
      join users.password_credentials c on c.user_id = u.user_id
     cross join lateral users.password_rules(u.user_id) r
     where u.user_id = p_user_id
$$;
