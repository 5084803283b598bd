-- Puts a mail into the queue, in the transaction that it speaks of.
create or replace function users.queue_mail(p_kind text, p_recipient text, p_facts jsonb, p_sealed bytea)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into users.mail_queue (kind, recipient, facts, sealed, created_at, next_attempt_at)
    values (p_kind, p_recipient, coalesce(p_facts, '{}'), p_sealed, platform.request_time(), platform.request_time())
$$;
