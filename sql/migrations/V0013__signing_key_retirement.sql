set local role wealth_owner;

-- A key that signs no more goes on being accepted until the last of its tokens is over.
alter table users.signing_keys add column retire_after timestamptz;
