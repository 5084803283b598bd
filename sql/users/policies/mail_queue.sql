-- Read and written by the owner's functions only: nobody else has a policy here, so nobody else sees a row.
drop policy if exists owner_access on users.mail_queue;
create policy owner_access on users.mail_queue for all to wealth_owner using (true) with check (true);
