-- Takes mail that is due and holds it for as long as an attempt may take, so that two who send do not send the same; if
-- the one who took it dies, it is due again. The wait doubles from a minute to some four hours; what nobody could send for
-- as long as it was of use stays as failed, its link destroyed. Rows that are nobody's mail go without a word. With a
-- p_limit of 0 nothing is taken: there is no way for mail to leave.
create or replace function users.claim_mail(p_limit integer, p_now timestamptz)
returns table (mail_id uuid, kind text, recipient text, facts jsonb, sealed bytea, attempts integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from users.mail_queue m where m.recipient is null and m.next_attempt_at <= p_now;
    update users.mail_queue m
       set failed_at = p_now, sealed = null, last_error = coalesce(m.last_error, 'nobody sent it in time')
     where m.failed_at is null and m.next_attempt_at <= p_now and m.created_at + users.mail_life(m.kind) <= p_now;
    return query
        update users.mail_queue m
           set attempts = m.attempts + 1,
               next_attempt_at = p_now + make_interval(mins => (2 ^ least(m.attempts, 8))::integer)
         where m.mail_id in (select d.mail_id from users.mail_queue d
                              where d.failed_at is null and d.next_attempt_at <= p_now and d.recipient is not null
                              order by d.next_attempt_at limit least(p_limit, 100) for update skip locked)
        returning m.mail_id, m.kind, m.recipient, m.facts, m.sealed, m.attempts;
end
$$;
