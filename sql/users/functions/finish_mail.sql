-- What became of a mail that was taken: sent and so deleted, to be tried again (users.claim_mail says how long), or given up with its
-- link destroyed.
create or replace function users.finish_mail(p_mail_id uuid, p_sent boolean, p_final boolean, p_error text, p_now timestamptz)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_sent then
        delete from users.mail_queue m where m.mail_id = p_mail_id;
        return;
    end if;
    update users.mail_queue m
       set last_error = left(p_error, 500),
           failed_at = case when p_final then p_now end,
           sealed = case when p_final then null else m.sealed end
     where m.mail_id = p_mail_id;
end
$$;
